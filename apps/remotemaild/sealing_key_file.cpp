#include "sealing_key_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <span>

#include "core/crypto/digest.hpp"

namespace remotemaild {
namespace {

using remotemail::Cause;
using remotemail::make_error;
using remotemail::Result;
using remotemail::Retry;
using remotemail::Secret;
using remotemail::Status;
using remotemail::Step;

constexpr std::size_t kKeySize = 32;
constexpr std::size_t kShortestCredential = 16;

remotemail::Error trouble(const std::string& path, const std::string& why) {
  return make_error(Cause::key_missing, Step::store, path + ": " + why, Retry::after_setup_change);
}

Status sync_folder(const std::string& path) {
  const int folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  Status done;
  if (folder < 0 || ::fsync(folder) != 0) done = trouble(path, std::strerror(errno));
  if (folder >= 0) ::close(folder);
  return done;
}

// Written beside its place and renamed, so that a cut of power leaves either no key or a whole one.
Status write_new(const std::string& path, std::string_view key) {
  const std::string fresh = path + ".new";
  const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return trouble(fresh, std::strerror(errno));
  const bool written =
      ::write(file, key.data(), key.size()) == static_cast<ssize_t>(key.size()) && ::fsync(file) == 0;
  const int why = errno;
  ::close(file);
  if (!written) return trouble(fresh, std::strerror(why));
  if (::rename(fresh.c_str(), path.c_str()) != 0) return trouble(path, std::strerror(errno));
  return sync_folder(path.substr(0, path.rfind('/')));
}

bool is_there(const std::string& path) {
  return ::access(path.c_str(), F_OK) == 0;
}

}  // namespace

SealingKeyFile::SealingKeyFile(std::string directory, std::string credentials, remotemail::Random& random)
    : directory_(std::move(directory)), random_(random) {
  const std::string credential = credentials + "/mailkey";
  is_credential_ = !credentials.empty() && is_there(credential);
  path_ = is_credential_ ? credential : directory_ + "/key";
}

Status SealingKeyFile::mark_credential() {
  const std::string mark = directory_ + "/key.credential";
  return is_there(mark) ? Status()
                        : write_new(mark, "What lies here is sealed under systemd's credential mailkey.\n");
}

Result<Secret> SealingKeyFile::key() {
  if (Status ended = end_restore(); !ended) return std::move(ended).error();
  if (!is_credential_ && is_there(directory_ + "/key.credential")) {
    return trouble(
        directory_,
        "sealed under systemd's credential mailkey, which only the service sees: start the service and give "
        "the command again (where that key is gone for ever, remove key.credential there)");
  }
  std::ifstream in(path_, std::ios::binary);
  if (in) {
    std::string text((std::istreambuf_iterator<char>(in)), {});
    const bool fits = is_credential_ ? text.size() >= kShortestCredential : text.size() == kKeySize;
    if (!fits) {
      remotemail::wipe(text);
      return trouble(path_, is_credential_ ? "is shorter than 16 octets" : "does not hold 32 octets");
    }
    Secret key(is_credential_ ? remotemail::sha256(text) : text);
    remotemail::wipe(text);
    if (is_credential_) {
      if (Status marked = mark_credential(); !marked) return std::move(marked).error();
    }
    return key;
  }
  if (is_credential_ || errno != ENOENT) return trouble(path_, std::strerror(errno));
  std::string fresh(kKeySize, '\0');
  random_.fill(std::as_writable_bytes(std::span(fresh)));
  Secret key(fresh);
  remotemail::wipe(fresh);
  if (Status written = write_new(path_, key.reveal()); !written) return std::move(written).error();
  return key;
}

bool SealingKeyFile::is_key(const Secret& key) {
  return key.reveal().size() == kKeySize;
}

Status SealingKeyFile::announce(const Secret& key) {
  if (!is_key(key)) return trouble(path_, "the new key does not have 32 octets");
  return write_new(directory_ + "/key.restored", key.reveal());
}

Status SealingKeyFile::end_restore() {
  const std::string waiting = directory_ + "/key.restored", key = directory_ + "/key";
  if (!is_there(waiting)) return {};
  if (is_there(directory_ + "/restore.tmp")) {
    if (::unlink(waiting.c_str()) != 0) return trouble(waiting, std::strerror(errno));
    return sync_folder(directory_);
  }
  const std::string kept = key + ".before-restore";
  ::unlink(kept.c_str());
  if (::link(key.c_str(), kept.c_str()) != 0 && errno != ENOENT) return trouble(kept, std::strerror(errno));
  if (::rename(waiting.c_str(), key.c_str()) != 0) return trouble(key, std::strerror(errno));
  return sync_folder(directory_);
}

std::string SealingKeyFile::description() const {
  return is_credential_ ? "credential mailkey" : "file " + path_ + " (0600)";
}

}  // namespace remotemaild
