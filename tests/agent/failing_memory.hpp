// operator new that fails when it is told to, and says how much is held: both of this thread alone.
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

  // Octets that this thread allocated less those that it gave back, paused or not.
  static std::ptrdiff_t held_now();
  static std::ptrdiff_t held_at_most();  // since forget_peak()
  static void forget_peak();
};

}  // namespace remotemail::testing
