// Counts what a piece of work takes from the heap, whoever takes it: the program's own malloc stands before glibc's.
#pragma once

#include <cstddef>

namespace remotemail::bench {

struct HeapUse {
  std::size_t allocations = 0;
  std::size_t peak = 0;  // octets held at once beyond those held before
};

void begin_counting() noexcept;  // one thread
HeapUse end_counting() noexcept;

}  // namespace remotemail::bench
