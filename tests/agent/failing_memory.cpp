#include "agent/failing_memory.hpp"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <new>

namespace {

// The servers beside us are other machines.
struct Plan {
  std::size_t until_failure = 0;  // 0: none is planned
  std::size_t counted = 0;
  bool lasting = false, failed = false, paused = true;
};
thread_local constinit Plan plan;
thread_local constinit std::ptrdiff_t held = 0, most = 0;  // octets

void give_back(void* memory) noexcept {
  held -= static_cast<std::ptrdiff_t>(malloc_usable_size(memory));
  std::free(memory);
}

void* allocate(std::size_t size, std::size_t alignment) {
  if (!plan.paused) {
    ++plan.counted;
    if (plan.until_failure == 1) {
      plan.failed = true;
      if (!plan.lasting) plan.until_failure = 0;
      throw std::bad_alloc();
    }
    if (plan.until_failure > 1) --plan.until_failure;
  }
  const std::size_t rounded = (size + alignment - 1) / alignment * alignment;
  void* memory = alignment <= alignof(std::max_align_t) ? std::malloc(size == 0 ? 1 : size)
                                                        : std::aligned_alloc(alignment, rounded);
  if (memory == nullptr) throw std::bad_alloc();
  held += static_cast<std::ptrdiff_t>(malloc_usable_size(memory));
  most = std::max(most, held);
  return memory;
}

}  // namespace

namespace remotemail::testing {

void FailingMemory::fail_at(std::size_t n, bool lasting) {
  const bool paused = plan.paused;
  plan = {n, 0, lasting, false, paused};
}
void FailingMemory::heal() {
  plan.until_failure = 0;
}
bool FailingMemory::failed() {
  return plan.failed;
}
void FailingMemory::pause(bool paused) {
  plan.paused = paused;
}
std::size_t FailingMemory::counted() {
  return plan.counted;
}
void FailingMemory::forget_peak() {
  most = held;
}
std::ptrdiff_t FailingMemory::held_now() {
  return held;
}
std::ptrdiff_t FailingMemory::held_at_most() {
  return most;
}

}  // namespace remotemail::testing

void* operator new(std::size_t size) {
  return allocate(size, alignof(std::max_align_t));
}
void* operator new[](std::size_t size) {
  return allocate(size, alignof(std::max_align_t));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept {
  give_back(memory);
}
void operator delete[](void* memory) noexcept {
  give_back(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  give_back(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  give_back(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  give_back(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  give_back(memory);
}
// All of them, or a sanitizer's own would give what free() here takes back.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  try {
    return allocate(size, alignof(std::max_align_t));
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}
void* operator new[](std::size_t size, const std::nothrow_t& nothrow) noexcept {
  return operator new(size, nothrow);
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
  give_back(memory);
}
void operator delete[](void* memory, const std::nothrow_t&) noexcept {
  give_back(memory);
}
void operator delete[](void* memory, std::align_val_t) noexcept {
  give_back(memory);
}
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
  give_back(memory);
}
