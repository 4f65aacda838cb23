#include "state_lock.hpp"

#include <fcntl.h>
#include <grp.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace remotemaild {
namespace {

using remotemail::Cause;
using remotemail::make_error;
using remotemail::Retry;
using remotemail::Step;

remotemail::Error trouble(const std::string& what) {
  return make_error(Cause::not_permitted, Step::store, what + ": " + std::strerror(errno),
                    Retry::after_setup_change);
}

}  // namespace

remotemail::Result<std::unique_ptr<StateLock>> StateLock::try_take(const std::string& directory) {
  ::umask(077);
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) {
    return make_error(Cause::not_permitted, Step::store, directory + ": " + error.message(),
                      Retry::after_setup_change);
  }
  struct stat info {};
  if (::stat(directory.c_str(), &info) != 0) return trouble(directory);
  // Whoever else may write here could hold the lock and be told secrets at the control socket.
  if (info.st_uid != ::geteuid() || (info.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return make_error(
        Cause::not_permitted, Step::store,
        directory + ": must belong to the user who runs this, and nobody else may write there (chmod 700)",
        Retry::after_setup_change);
  }
  const std::string path = directory + "/lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return trouble(path);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    const bool held = errno == EWOULDBLOCK;
    remotemail::Error error_now = trouble(path);
    ::close(file);
    if (held) return std::unique_ptr<StateLock>();
    return error_now;
  }
  return std::unique_ptr<StateLock>(new StateLock(file));
}

StateLock::~StateLock() {
  ::close(file_);
}

remotemail::Status become_owner_of(const std::string& directory) {
  struct stat info {};
  if (::geteuid() != 0 || ::stat(directory.c_str(), &info) != 0 || info.st_uid == 0) return {};
  if (::setgroups(0, nullptr) != 0 || ::setgid(info.st_gid) != 0 || ::setuid(info.st_uid) != 0) {
    return trouble("becoming the owner of " + directory);
  }
  return {};
}

}  // namespace remotemaild
