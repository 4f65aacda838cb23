#include "mail_store/sqlite/database_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace remotemail::sqlite {
namespace {

Error system_error(const std::string& what) {
  const int code = errno;
  return make_error(code == ENOSPC || code == EDQUOT ? Cause::store_full : Cause::store_failed, Step::store,
                    what + ": " + std::strerror(code));
}

}  // namespace

Status make_file(const std::string& path, IfThere if_there) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file != -1) {
    ::close(file);
    return sync_folder_of(path);
  }
  if (errno != EEXIST || if_there == IfThere::refuse) return system_error(path);
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return system_error(path);
  if ((status.st_mode & 077) != 0 && ::chmod(path.c_str(), 0600) != 0) return system_error(path);
  return {};
}

Status sync_folder_of(const std::string& path) {
  std::string folder = path.substr(0, path.rfind('/') + 1);  // nothing, when there is no slash
  if (folder.empty()) folder = ".";
  const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (handle == -1) return system_error(folder);
  Status outcome;
  if (::fsync(handle) != 0) outcome = system_error(folder);
  ::close(handle);
  return outcome;
}

}  // namespace remotemail::sqlite
