#include "heap.hpp"

#include <malloc.h>

#include <algorithm>
#include <cerrno>

namespace remotemail::bench {
namespace {

bool counting = false;
std::ptrdiff_t held = 0, most = 0;
std::size_t allocations = 0;

void* taken(void* memory) noexcept {
  if (counting && memory != nullptr) {
    ++allocations;
    held += static_cast<std::ptrdiff_t>(malloc_usable_size(memory));
    most = std::max(most, held);
  }
  return memory;
}

void given_back(void* memory) noexcept {
  if (counting && memory != nullptr) held -= static_cast<std::ptrdiff_t>(malloc_usable_size(memory));
}

}  // namespace

void begin_counting() noexcept {
  held = most = 0;
  allocations = 0;
  counting = true;
}

HeapUse end_counting() noexcept {
  counting = false;
  return {allocations, static_cast<std::size_t>(most)};
}

}  // namespace remotemail::bench

extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void __libc_free(void*);

void* malloc(std::size_t size) {
  return remotemail::bench::taken(__libc_malloc(size));
}
void* calloc(std::size_t count, std::size_t size) {
  return remotemail::bench::taken(__libc_calloc(count, size));
}
void* realloc(void* memory, std::size_t size) {
  remotemail::bench::given_back(memory);
  return remotemail::bench::taken(__libc_realloc(memory, size));
}
void* memalign(std::size_t alignment, std::size_t size) {
  return remotemail::bench::taken(__libc_memalign(alignment, size));
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
  return remotemail::bench::taken(__libc_memalign(alignment, size));
}
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
  *memory = remotemail::bench::taken(__libc_memalign(alignment, size));
  return *memory == nullptr ? ENOMEM : 0;
}
void free(void* memory) {
  remotemail::bench::given_back(memory);
  __libc_free(memory);
}
}
