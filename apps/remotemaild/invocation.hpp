// A command as it was given, complete: files and standard input that it names are read already, so that it
// can be handed to another process that has neither our folder nor our terminal.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "remotemail/core/result.hpp"
#include "remotemail/core/secret.hpp"

namespace remotemaild {

struct Invocation {
  std::string command;                         // "settings"
  std::vector<std::string> arguments;          // behind it, options taken out
  std::map<std::string, std::string> options;  // "json" → "", "max-mails" → "3"
  // `settings set`: values by key; `settings import`: the file's text under "". Secrets by type.
  std::map<std::string, remotemail::Secret> texts;

  bool has(std::string_view option) const { return options.count(std::string(option)) > 0; }
};

// Reads what the arguments name: KEY=@FILE, KEY=-, import FILE (or -). Only for `settings`; others pass
// through.
remotemail::Status read_named_inputs(Invocation& invocation);

// To and from the bytes that travel over the control socket. Decoding is total: none for anything that was
// not encoded by encode().
std::string encode(const Invocation& invocation);
std::optional<Invocation> decode(std::string_view bytes);

}  // namespace remotemaild
