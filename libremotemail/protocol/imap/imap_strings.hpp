// Values to what IMAP commands carry: strings, mailbox names, sets of UIDs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace remotemail::imap {

// A command without its tag, as the lines to send: all but the first wait for the server's "+", be it because
// a literal begins there or because the command is a dialogue (AUTHENTICATE). Its texts are overwritten when
// it dies.
class Command {
 public:
  explicit Command(std::string_view words);
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;
  ~Command();

  Command& word(std::string_view text);  // a blank and the text as it is
  Command& string(
      std::string_view text);  // a blank and an astring: atom, quoted, or a literal for octets above 0x7E
  Command& line(std::string_view text);  // what is sent after the next "+"

  const std::vector<std::string>& lines() const { return lines_; }

 private:
  std::vector<std::string> lines_;
};

// UTF-8 to modified UTF-7 (RFC 3501 5.1.3); INBOX in whatever case is INBOX. None: not UTF-8.
std::optional<std::string> encode_mailbox_name(std::string_view name);

// Ascending UIDs as sets like "3:5,9", each at most `octets` long, in order. Only UIDs given are in them.
std::vector<std::string> format_uid_sets(const std::vector<std::uint64_t>& ascending,
                                         std::size_t octets = 900);

}  // namespace remotemail::imap
