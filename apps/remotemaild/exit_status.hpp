// How the program ends (also remotemaild.8).
#pragma once

namespace remotemaild {

enum ExitStatus : int {
  kDone = 0,
  kFailed = 1,
  kWrongUse = 2,
  kDisabledOrOff = 3,
  kAlreadyRunning = 75,  // EX_TEMPFAIL of sysexits.h
};

}  // namespace remotemaild
