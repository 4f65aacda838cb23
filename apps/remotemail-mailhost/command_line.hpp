// The command line of remotemail-mailhost.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "remotemail/core/result.hpp"
#include "remotemail/testing/memory_mail_host.hpp"

namespace remotemail_mailhost {

struct CommandLine {
  remotemail::testing::MailHostOptions host;
  std::string port_file, ca_file, spool;                     // empty: none
  std::vector<std::pair<std::string, std::string>> deliver;  // user, file
  bool verbose = false, help = false, version = false;
};

// invalid_value with a sentence that says which word is wrong.
remotemail::Result<CommandLine> parse_command_line(int argc, char* argv[]);
std::string_view help_text();

}  // namespace remotemail_mailhost
