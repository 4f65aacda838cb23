// How the program ends; help and manual page are made from the list.
#pragma once

#include <array>
#include <string_view>

namespace remotemaild {

enum ExitStatus : int {
  kDone = 0,
  kFailed = 1,
  kWrongUse = 2,
  kDisabledOrOff = 3,
  kAlreadyRunning = 75,  // EX_TEMPFAIL of sysexits.h
};

struct ExitMeaning {
  ExitStatus status;
  std::string_view meaning;
};

inline constexpr std::array<ExitMeaning, 5> kExitMeanings{{
    {kDone, "done"},
    {kFailed, "something failed; the message says what"},
    {kWrongUse, "wrong use, or a value or configuration file that is not right: nothing was done"},
    {kDisabledOrOff, "E-mail notification is disabled, or the machine is off"},
    {kAlreadyRunning, "another process works on the state; try again when it is done"},
}};

}  // namespace remotemaild
