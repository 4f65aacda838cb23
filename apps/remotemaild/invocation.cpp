#include "invocation.hpp"

#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <iterator>
#include <optional>

#include "read_file.hpp"
#include "socket_frames.hpp"

namespace remotemaild {
namespace {

using remotemail::Cause;
using remotemail::make_error;
using remotemail::Result;
using remotemail::Retry;
using remotemail::Secret;
using remotemail::Status;

Result<Secret> read_standard_input() {
  std::string text;
  for (std::istreambuf_iterator<char> at(std::cin), end; at != end; ++at) {
    text += *at;
    if (text.size() > kLongestInput) {
      return make_error(Cause::invalid_value, remotemail::Step::none, "standard input is larger than 1 MiB",
                        Retry::never);
    }
  }
  return Secret(std::move(text));
}

// One line from a terminal, which does not show it.
Result<Secret> ask(const std::string& what) {
  termios shown{};
  ::tcgetattr(STDIN_FILENO, &shown);
  termios hidden = shown;
  hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  std::cerr << what << ": " << std::flush;
  ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
  std::string line;
  std::getline(std::cin, line);
  ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
  std::cerr << "\n";
  return Secret(std::move(line));
}

Result<Secret> read_input(const std::string& name, const std::string& key) {
  if (name == "-") return ::isatty(STDIN_FILENO) == 1 && !key.empty() ? ask(key) : read_standard_input();
  auto text = read_file(name);
  if (!text) {
    remotemail::Error error = std::move(text).error();
    if (!key.empty()) error.detail = key + ": " + error.detail;
    return error;
  }
  return Secret(std::move(*text));
}

// A file or terminal ends a secret with a line end that is not part of it.
Secret without_line_end(const Secret& secret) {
  std::string_view text = secret.reveal();
  if (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  return Secret(std::string(text));
}

// Standard input is at its end after one value; a terminal can be asked again.
bool input_is_used_up(const std::vector<std::string>& arguments) {
  const auto from_input = [](const std::string& argument) { return argument.ends_with("=-"); };
  return ::isatty(STDIN_FILENO) != 1 && std::count_if(arguments.begin(), arguments.end(), from_input) > 1;
}

Status read_assignment(const std::string& argument, Invocation& invocation) {
  const auto equals = argument.find('=');
  if (equals == std::string::npos) {
    return make_error(Cause::invalid_value, remotemail::Step::none,
                      "\"" + argument + "\" is not of the form KEY=VALUE", Retry::never);
  }
  std::string key = argument.substr(0, equals), value = argument.substr(equals + 1);
  if (invocation.texts.count(key) > 0) {
    return make_error(Cause::invalid_value, remotemail::Step::none, key + " is given twice", Retry::never);
  }
  if (value == "-" || (!value.empty() && value.front() == '@')) {
    auto read = read_input(value == "-" ? value : value.substr(1), key);
    if (!read) return std::move(read).error();
    invocation.texts[key] = without_line_end(*read);
  } else {
    invocation.texts[key] = Secret(std::move(value));
  }
  return {};
}

}  // namespace

Status read_named_inputs(Invocation& invocation) {
  if (invocation.command != "settings" || invocation.arguments.empty()) return {};
  std::vector<std::string>& arguments = invocation.arguments;
  if (arguments[0] == "set") {
    if (input_is_used_up(arguments)) {
      return make_error(Cause::invalid_value, remotemail::Step::none,
                        "standard input can give one value only; use KEY=@FILE for the others", Retry::never);
    }
    for (std::size_t i = 1; i < arguments.size(); ++i) {
      if (Status read = read_assignment(arguments[i], invocation); !read) return read;
    }
    for (std::size_t i = 1; i < arguments.size(); ++i) remotemail::wipe(arguments[i]);
    arguments.resize(1);
  } else if (arguments[0] == "import" && arguments.size() == 2) {
    auto read = read_input(arguments[1], {});
    if (!read) return std::move(read).error();
    invocation.texts[""] = std::move(*read);
  }
  return {};
}

std::string encode(const Invocation& invocation) {
  std::string bytes;
  put_text(bytes, invocation.command);
  put_number(bytes, static_cast<std::uint32_t>(invocation.arguments.size()));
  for (const std::string& argument : invocation.arguments) put_text(bytes, argument);
  put_number(bytes, static_cast<std::uint32_t>(invocation.options.size()));
  for (const auto& [name, value] : invocation.options) {
    put_text(bytes, name);
    put_text(bytes, value);
  }
  put_number(bytes, static_cast<std::uint32_t>(invocation.texts.size()));
  for (const auto& [name, value] : invocation.texts) {
    put_text(bytes, name);
    put_text(bytes, value.reveal());
  }
  return bytes;
}

std::optional<Invocation> decode(std::string_view bytes) {
  Invocation invocation;
  const auto text = [&bytes](std::string& into) { return take_text(bytes, into); };
  std::uint32_t count = 0;
  if (!text(invocation.command) || !take_number(bytes, count)) return std::nullopt;
  for (; count > 0; --count) {
    if (!text(invocation.arguments.emplace_back())) return std::nullopt;
  }
  if (!take_number(bytes, count)) return std::nullopt;
  for (; count > 0; --count) {
    std::string name, value;
    if (!text(name) || !text(value)) return std::nullopt;
    invocation.options[name] = value;
  }
  if (!take_number(bytes, count)) return std::nullopt;
  for (; count > 0; --count) {
    std::string name, value;
    if (!text(name) || !text(value)) return std::nullopt;
    invocation.texts[name] = Secret(std::move(value));
  }
  if (!bytes.empty()) return std::nullopt;
  return invocation;
}

}  // namespace remotemaild
