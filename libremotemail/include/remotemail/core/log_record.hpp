// One line of the mail log (C5–C7).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "remotemail/core/clock.hpp"

namespace remotemail {

struct LogRecord {
  enum class Direction { received, sent };
  enum class Result { answered, illegal, unanswerable, duplicate, set_aside,    // received
                      waiting, sent, failed, bounced,                          // sent
                      arrived };                                               // received: a mail of a test (C3)
  std::uint64_t number = 0;  // given by the store; grows
  WallTime time{};
  Direction direction = Direction::received;
  std::string other_side;    // the address of sender or recipient, cleaned; may be empty
  std::string what;          // "Counter list", "3 commands"; never a Subject or a password
  Result result = Result::answered;
  std::string detail;        // reason or the server's line, cleaned; at most 200 characters
  std::string message_id;    // of the mail sent or received, without brackets
  unsigned count = 1;        // C7: illegal mails in a run with the same reason within an hour
  unsigned attempts = 0;     // sent: how often it was tried
};
// What a store puts before `what` of a notice's record, and of a copy's.
inline constexpr std::string_view kNoticeMark = "notice: ";
inline constexpr std::string_view kCopyMark = "copy: ";

std::string_view words(LogRecord::Result) noexcept;  // "not delivered" for bounced

}  // namespace remotemail
