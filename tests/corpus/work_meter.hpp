// What a piece of code costs, counted and not timed: steps, and the memory it holds at its height.
#pragma once

#include <cstddef>
#include <cstdint>

namespace remotemail::corpus {

struct Work {
  std::uint64_t steps =
      0;  // basic blocks of the parser that were entered, octets that memchr and its like went through
  std::size_t peak = 0;  // octets allocated at once, more than before
};

void start_meter() noexcept;
Work read_meter() noexcept;

}  // namespace remotemail::corpus
