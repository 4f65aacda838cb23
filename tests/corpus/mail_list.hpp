// What both dump programs read and write: names of mail files on standard input, one JSON object a line out.
#pragma once

#include <cstdio>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>

namespace remotemail::corpus {

// What a body without a header is given in front ("+NAME" in the list).
inline constexpr std::string_view kHeaderForBodies =
    "From: Erika Beispiel <erika@example.com>\nSubject: a body\nMIME-Version: 1.0\n"
    "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n";

// Gives each mail of the list to `use`; false when a file cannot be read.
inline bool for_each_mail(const std::function<void(const std::string& name, const std::string& bytes)>& use) {
  bool all_read = true;
  for (std::string line; std::getline(std::cin, line);) {
    const bool body_only = line.starts_with('+');
    const std::string name = line.substr(body_only ? 1 : 0);
    std::ifstream file(name, std::ios::binary);
    if (!file) {
      std::cerr << "cannot read " << name << '\n';
      all_read = false;
      continue;
    }
    std::string bytes(body_only ? kHeaderForBodies : std::string_view());
    bytes.append(std::istreambuf_iterator<char>(file), {});
    use(name, bytes);
  }
  return all_read;
}

// `text` is UTF-8.
inline std::string json(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      out += escape;
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace remotemail::corpus
