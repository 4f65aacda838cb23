#include "backup_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace remotemaild {
namespace {

remotemail::Error cannot(const std::string& path, const std::string& why) {
  return make_error(remotemail::Cause::invalid_value, remotemail::Step::none, path + ": " + why,
                    remotemail::Retry::never);
}

}  // namespace

BackupFile::~BackupFile() {
  if (file_ < 0 || file_ == STDOUT_FILENO) return;
  if (!finished_) {
    // Where the folder is closed to us by now, an empty file is left rather than half a backup.
    if (::ftruncate(file_, 0) == 0) ::unlink(path_.c_str());
  }
  ::close(file_);
}

remotemail::Status BackupFile::open(const std::string& path) {
  path_ = path;
  if (path == "-") {
    if (::isatty(STDOUT_FILENO) == 1) return cannot("-", "a backup is no text for a terminal; name a file");
    file_ = STDOUT_FILENO;
    return {};
  }
  file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file_ >= 0) return {};
  return cannot(path, errno == EEXIST ? "is there already; a backup wants a new file" : std::strerror(errno));
}

void BackupFile::out(std::string_view text) {
  while (!text.empty() && trouble_ == 0) {
    const ssize_t count = ::write(file_, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      trouble_ = count < 0 ? errno : ENOSPC;
      return;
    }
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

void BackupFile::err(std::string_view text) {
  TerminalOutput().err(text);
}

remotemail::Status BackupFile::finish() {
  if (trouble_ == 0 && file_ != STDOUT_FILENO && ::fsync(file_) != 0) trouble_ = errno;
  if (trouble_ != 0) return cannot(path_, std::strerror(trouble_));
  finished_ = true;
  return {};
}

remotemail::Result<int> open_backup(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return cannot(path, std::strerror(errno));
  struct stat about {};
  if (::fstat(file, &about) != 0 || !S_ISREG(about.st_mode)) {
    ::close(file);
    return cannot(path, "is not a regular file");
  }
  return file;
}

}  // namespace remotemaild
