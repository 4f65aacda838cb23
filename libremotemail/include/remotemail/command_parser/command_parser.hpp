// Rules E: what the body of a mail asks for.
#pragma once

#include <string_view>

#include "remotemail/core/plan.hpp"

namespace remotemail {

class CommandParser {
 public:
  virtual ~CommandParser() = default;
  // `text`: UTF-8, LF line ends (Mail::text). Total: any input gives a plan. Any thread.
  virtual Plan parse(std::string_view text) const = 0;
};

// The manual's grammar with our additions (E1–E16).
class ManualCommandParser final : public CommandParser {
 public:
  Plan parse(std::string_view text) const override;
};

}  // namespace remotemail
