// What a mail asks for, in the order of its answers (design, step 4): made by the command parser, carried out by the agent.
#pragma once

#include <string>
#include <vector>

#include "remotemail/core/commands.hpp"

namespace remotemail {

// One answer to give. ALL is expanded, repeats are dropped (E14), all not-found lines of the mail are one item that
// stands where the first of them stood (G2).
struct PlannedItem {
  enum class Kind { list, phone, change_password, help, no_command, not_found };
  Kind kind = Kind::help;
  ListId list = ListId::counter;   // kind list
  std::string line;                // the command's line, cleaned for a reply (F, "E9, E13 texts"); for CHPASS a secret
  std::vector<std::string> words;  // change_password: the words behind CHPASS as typed
  std::vector<std::string> replies;  // not_found: the complete reply lines, "Command Not Found -> …", in their order
};

struct Plan {
  std::vector<PlannedItem> items;  // never empty: without any command line one item of kind no_command (E16)
};

}  // namespace remotemail
