// The parser's sources are compiled once more for this program with -fsanitize-coverage=trace-pc: each basic block calls
// __sanitizer_cov_trace_pc. The C library's searches and copies are one call each, so the linker hands them to wrappers.
#include "work_meter.hpp"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

namespace {

std::uint64_t steps = 0;
std::size_t held = 0;
std::size_t height = 0;
std::size_t base = 0;

void* take(std::size_t size) {
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) std::abort();
  held += malloc_usable_size(memory);
  height = std::max(height, held);
  return memory;
}

void give(void* memory) noexcept {
  if (memory == nullptr) return;
  held -= malloc_usable_size(memory);
  std::free(memory);
}

}  // namespace

namespace remotemail::corpus {

void start_meter() noexcept {
  steps = 0;
  base = height = held;
}

Work read_meter() noexcept {
  return {steps, height - base};
}

}  // namespace remotemail::corpus

void* operator new(std::size_t size) {
  return take(size);
}
void* operator new[](std::size_t size) {
  return take(size);
}
void operator delete(void* memory) noexcept {
  give(memory);
}
void operator delete[](void* memory) noexcept {
  give(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  give(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  give(memory);
}

extern "C" {

void __sanitizer_cov_trace_pc() {
  ++steps;
}

void* __real_memchr(const void* text, int wanted, std::size_t size);
void* __wrap_memchr(const void* text, int wanted, std::size_t size) {
  void* found = __real_memchr(text, wanted, size);
  steps += found == nullptr
               ? size
               : static_cast<std::size_t>(static_cast<const char*>(found) - static_cast<const char*>(text));
  return found;
}

int __real_memcmp(const void* a, const void* b, std::size_t size);
int __wrap_memcmp(const void* a, const void* b, std::size_t size) {
  steps += size;
  return __real_memcmp(a, b, size);
}

void* __real_memcpy(void* to, const void* from, std::size_t size);
void* __wrap_memcpy(void* to, const void* from, std::size_t size) {
  steps += size;
  return __real_memcpy(to, from, size);
}

void* __real_memmove(void* to, const void* from, std::size_t size);
void* __wrap_memmove(void* to, const void* from, std::size_t size) {
  steps += size;
  return __real_memmove(to, from, size);
}
}
