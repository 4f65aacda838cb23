// Mails with commands as the programs of the last thirty years put them together: the files of mails/, texts and
// addresses made up. All come from ce@example.com, and their Subject is the password U-BIX.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "remotemail/core/plan.hpp"

namespace remotemail::testing {

struct CommandMail {
  std::string name;               // mails/NAME.eml
  std::string program;            // what made it, and what is odd about it
  std::vector<std::string> plan;  // all that is answered, in the form of describe()
  std::string bytes{};            // of the file
};

const std::vector<CommandMail>& command_mails();

// A plan as a table can hold it. An item each: the option of a list, "phone", "help", "no command", "CHPASS" with
// its words; of what was not found every reply line.
std::vector<std::string> describe(const Plan& plan);

// Each line end as `end`, whatever it was.
std::string with_line_ends(const std::string& bytes, const std::string& end);

// The mail as the first part of another, a footer in text behind it, CRLF. None for a mail without text/plain: there
// the footer would be the first text (D9).
std::optional<std::string> with_footer_part(const CommandMail& mail);

}  // namespace remotemail::testing
