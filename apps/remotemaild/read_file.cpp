#include "read_file.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace remotemaild {
namespace {

remotemail::Error cannot(const std::string& path, const std::string& why) {
  return make_error(remotemail::Cause::invalid_value, remotemail::Step::none, path + ": " + why,
                    remotemail::Retry::never);
}

}  // namespace

remotemail::Result<std::string> read_file(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return cannot(path, std::strerror(errno));
  if (!S_ISREG(info.st_mode)) return cannot(path, "is not a regular file");
  if (static_cast<std::size_t>(info.st_size) > kLongestInput) return cannot(path, "is larger than 1 MiB");
  std::ifstream in(path, std::ios::binary);
  if (!in) return cannot(path, std::strerror(errno));
  return std::string(std::istreambuf_iterator<char>(in), {});
}

}  // namespace remotemaild
