// What stands behind a command's name, read from the table of commands for manual page and completion.
//
//   synopsis    = text / "[" text "]"                 in brackets: may be left out
//   text        = alternative *( " | " alternative )
//   alternative = word *( " " word ) [ " ..." ]       "...": the last word again and again
//   word        = literal *( "|" literal ) / VALUE    a value is written in capitals
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace remotemaild {

struct SynopsisWord {
  std::vector<std::string_view> choices;  // one, for a value
  bool is_value = false;
  bool repeats = false;
};

struct Synopsis {
  bool optional = false;
  std::vector<std::vector<SynopsisWord>> alternatives;  // none: the command takes no arguments
};

// None when the text is not of this grammar.
std::optional<Synopsis> parse_synopsis(std::string_view text);

}  // namespace remotemaild
