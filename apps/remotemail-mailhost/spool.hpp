// Mails as files, for scripts: delivered ones are written to DIR/USER/NNNN.eml, files in DIR/USER/new/ are
// delivered.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "remotemail/core/result.hpp"

namespace remotemail_mailhost {

// A mail as a file has it: bare LF becomes CRLF.
std::string with_crlf(std::string_view);
remotemail::Result<std::string> read_mail_file(const std::filesystem::path&);
// Readers see the whole file or none.
remotemail::Status write_whole(const std::filesystem::path&, std::string_view bytes);

class Spool {
 public:
  // Creates the folders of the users.
  static remotemail::Result<Spool> open(const std::filesystem::path&, const std::vector<std::string>& users);

  // Any thread, one call at a time.
  remotemail::Status write(const std::string& user, std::uint32_t uid, std::string_view bytes) const;

  // Delivers the new files that have not grown since the last call and removes them. `deliver` may refuse:
  // then the file stays. A file that cannot be read or delivered is complained of once.
  void collect(const std::function<remotemail::Status(const std::string& user, std::string bytes)>& deliver,
               const std::function<void(const std::string& line)>& complain);

 private:
  explicit Spool(std::filesystem::path folder, std::vector<std::string> users)
      : folder_(std::move(folder)), users_(std::move(users)) {}

  struct Seen {
    std::uintmax_t size;
    std::filesystem::file_time_type changed;
    bool refused = false;
  };
  std::filesystem::path folder_;
  std::vector<std::string> users_;
  std::map<std::filesystem::path, Seen> seen_;
};

}  // namespace remotemail_mailhost
