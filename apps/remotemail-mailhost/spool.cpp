#include "spool.hpp"

#include <algorithm>
#include <fstream>
#include <system_error>

namespace remotemail_mailhost {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t kFileLimit = 32u << 20;

remotemail::Error failed(const std::string& what) {
  return remotemail::make_error(remotemail::Cause::store_failed, remotemail::Step::store, what,
                                remotemail::Retry::later);
}

bool is_ready_name(const std::string& name) {
  return !name.starts_with('.') && !name.ends_with(".tmp");
}

}  // namespace

std::string with_crlf(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 32);
  char before = '\0';
  for (const char c : text) {
    if (c == '\n' && before != '\r') out += '\r';
    out += c;
    before = c;
  }
  return out;
}

remotemail::Result<std::string> read_mail_file(const fs::path& file) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  if (error) return failed("cannot read " + file.string() + ": " + error.message());
  if (size > kFileLimit) return failed(file.string() + " is too large");
  std::string bytes(static_cast<std::size_t>(size), '\0');
  std::ifstream in(file, std::ios::binary);
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!in) return failed("cannot read " + file.string());
  return with_crlf(bytes);
}

remotemail::Status write_whole(const fs::path& file, std::string_view bytes) {
  const fs::path beside = file.parent_path() / ("." + file.filename().string() + ".tmp");
  std::ofstream out(beside, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  std::error_code error;
  if (out) fs::rename(beside, file, error);
  if (!out || error) return failed("cannot write " + file.string());
  return {};
}

remotemail::Result<Spool> Spool::open(const fs::path& folder, const std::vector<std::string>& users) {
  for (const std::string& user : users) {
    std::error_code error;
    fs::create_directories(folder / user / "new", error);
    if (error) return failed("cannot make " + (folder / user / "new").string() + ": " + error.message());
  }
  return Spool(folder, users);
}

remotemail::Status Spool::write(const std::string& user, std::uint32_t uid, std::string_view bytes) const {
  std::string number = std::to_string(uid);
  number.insert(0, 4 - std::min<std::size_t>(4, number.size()), '0');
  return write_whole(folder_ / user / (number + ".eml"), bytes);
}

void Spool::collect(const std::function<remotemail::Status(const std::string&, std::string)>& deliver,
                    const std::function<void(const std::string&)>& complain) {
  std::map<fs::path, Seen> now;
  for (const std::string& user : users_) {
    std::error_code error;
    std::vector<fs::path> files;
    for (fs::directory_iterator at(folder_ / user / "new", error), end; !error && at != end;
         at.increment(error)) {
      std::error_code unreadable;
      if (is_ready_name(at->path().filename().string()) && at->is_regular_file(unreadable))
        files.push_back(at->path());
    }
    std::ranges::sort(files);  // delivered in the order of their names
    for (const fs::path& file : files) {
      std::error_code gone;
      Seen entry{fs::file_size(file, gone), {}};
      if (!gone) entry.changed = fs::last_write_time(file, gone);
      if (gone) continue;
      // A script that writes in place is given the time between two looks to get on with it.
      const auto before = seen_.find(file);
      const bool rests = before != seen_.end() && before->second.size == entry.size &&
                         before->second.changed == entry.changed;
      entry.refused = rests && before->second.refused;
      if (rests && !entry.refused && entry.size > 0) {
        auto bytes = read_mail_file(file);
        remotemail::Status delivered = bytes ? deliver(user, std::move(*bytes)) : bytes.error();
        // A file that cannot be removed would be delivered again and again.
        if (delivered && (fs::remove(file, gone), !gone)) continue;
        complain("spool: " +
                 (delivered ? "cannot remove " + file.string() : remotemail::describe(delivered.error())));
        entry.refused = true;
      }
      now.emplace(file, entry);
    }
  }
  seen_ = std::move(now);
}

}  // namespace remotemail_mailhost
