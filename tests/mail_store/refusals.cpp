#include "mail_store/refusals.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdlib>

namespace remotemail::test {
namespace {

sqlite3_mem_methods usual{};
std::uint64_t until_failure = 0;  // 0: none is to come
bool lasting_failure = false, has_failed = false;

bool fails() {
  if (until_failure == 0) return false;
  if (until_failure > 1) {
    --until_failure;
    return false;
  }
  has_failed = true;
  if (!lasting_failure) until_failure = 0;
  return true;
}

void* allocate(int size) {
  return fails() ? nullptr : usual.xMalloc(size);
}

void* reallocate(void* old, int size) {
  return fails() ? nullptr : usual.xRealloc(old, size);
}

std::uint64_t syncs = 0;

struct Refused {
  Call call;
  int code = 0;
  unsigned n = 0;
  bool happened = false;
} refused;

bool is_refused(Call call) {
  if (refused.n == 0 || refused.call != call || --refused.n > 0) return false;
  refused.happened = true;
  errno = refused.code;
  return true;
}

}  // namespace

Allocations::Allocations() {
  if (usual.xMalloc != nullptr) return;
  sqlite3_shutdown();
  sqlite3_config(SQLITE_CONFIG_GETMALLOC, &usual);
  sqlite3_mem_methods refusing = usual;
  refusing.xMalloc = allocate;
  refusing.xRealloc = reallocate;
  sqlite3_config(SQLITE_CONFIG_MALLOC, &refusing);
  // Small pieces would come out of a pool that was filled before.
  sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);
  sqlite3_initialize();
}

void Allocations::fail_at(std::uint64_t n, bool lasting) {
  has_failed = false;
  lasting_failure = lasting;
  until_failure = n;
}

void Allocations::heal() {
  until_failure = 0;
}

bool Allocations::failed() const {
  return has_failed;
}

std::uint64_t syncs_of_sqlite() {
  return syncs;
}

RefusedCall::RefusedCall(Call call, int code, unsigned n) {
  refused = {call, code, n, false};
}
RefusedCall::~RefusedCall() {
  refused.n = 0;
}
bool RefusedCall::happened() {
  return refused.happened;
}

}  // namespace remotemail::test

// In the C library's stead, also for SQLite.
extern "C" int fdatasync(int file) {
  ++remotemail::test::syncs;
  return static_cast<int>(::syscall(SYS_fdatasync, file));
}

using remotemail::test::Call;
using remotemail::test::is_refused;

// What `-Wl,--wrap=NAME` has the library call instead.
extern "C" {
int __real_open(const char* path, int flags, ...);
int __real_fsync(int file);
int __real_stat(const char* path, struct stat* about);
int __real_chmod(const char* path, mode_t mode);
int __real_link(const char* from, const char* to);
int __real_rename(const char* from, const char* to);

int __wrap_open(const char* path, int flags, ...) {
  mode_t mode = 0;
  if ((flags & O_CREAT) != 0) {
    va_list rest;
    va_start(rest, flags);
    mode = va_arg(rest, mode_t);
    va_end(rest);
  }
  return is_refused(Call::open) ? -1 : __real_open(path, flags, mode);
}
int __wrap_fsync(int file) {
  return is_refused(Call::fsync) ? -1 : __real_fsync(file);
}
int __wrap_stat(const char* path, struct stat* about) {
  return is_refused(Call::stat) ? -1 : __real_stat(path, about);
}
int __wrap_chmod(const char* path, mode_t mode) {
  return is_refused(Call::chmod) ? -1 : __real_chmod(path, mode);
}
int __wrap_link(const char* from, const char* to) {
  return is_refused(Call::link) ? -1 : __real_link(from, to);
}
int __wrap_rename(const char* from, const char* to) {
  return is_refused(Call::rename) ? -1 : __real_rename(from, to);
}
}
