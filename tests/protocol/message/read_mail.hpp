// What a reader of mails makes of one: for comparing ours with others.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "remotemail/core/mail.hpp"

namespace remotemail::test {

struct ReadMail {
  std::string subject, from_name, from_address, to;
  std::int64_t date = 0;  // seconds since 1970
  int offset = 0;         // minutes
  std::string message_id, in_reply_to;
  std::vector<std::string> references;
  std::string auto_submitted, x_loop;
  std::string body;  // LF line ends
  bool operator==(const ReadMail&) const = default;
};

// "name=value" lines, values in hex.
std::string to_text(const ReadMail&);

ReadMail read_by_us(const std::string& bytes);
#ifdef REMOTEMAIL_GMIME
ReadMail read_by_gmime(const std::string& bytes);
#endif

}  // namespace remotemail::test
