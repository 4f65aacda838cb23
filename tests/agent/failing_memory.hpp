// operator new that fails when it is told to, in this thread alone.
#pragma once

#include <cstddef>

namespace remotemail::testing {

struct FailingMemory {
  // The n-th allocation from now fails (1: the next), and, when `lasting`, all behind it until heal().
  static void fail_at(std::size_t n, bool lasting = false);
  static void heal();
  static bool failed();            // since fail_at()
  static void pause(bool paused);  // neither counts nor fails meanwhile; begins paused
  static std::size_t counted();    // since fail_at()
};

}  // namespace remotemail::testing
