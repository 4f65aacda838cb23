// Golden texts: files that hold what a program says, read by somebody before they were kept. With
// REMOTEMAIL_UPDATE_GOLDEN=1 in the environment the tests write them; `git diff` then shows what is to be read.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>

namespace remotemail::test {

inline bool update_golden() {
  const char* const update = std::getenv("REMOTEMAIL_UPDATE_GOLDEN");
  return update != nullptr && std::string_view(update) == "1";
}

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Empty when the texts are equal; else where they part.
inline std::string difference(const std::string& place, const std::string& kept, const std::string& now) {
  if (kept == now) return {};
  std::istringstream kept_lines(kept), lines(now);
  std::string kept_line, line;
  for (int number = 1;; ++number) {
    const bool kept_more = static_cast<bool>(std::getline(kept_lines, kept_line));
    const bool more = static_cast<bool>(std::getline(lines, line));
    if (kept_more && more && kept_line == line) continue;
    return place + " line " + std::to_string(number) + "\n  kept: " + (kept_more ? kept_line : "(end)") +
           "\n  now:  " + (more ? line : "(end)") +
           "\nREMOTEMAIL_UPDATE_GOLDEN=1 keeps the new text; read it first";
  }
}

// Empty when `text` is what the file below tests/ holds, octet for octet; else a sentence that says where they
// differ, or that there is no such file. When asked to update: writes it.
inline std::string golden_fault(const std::string& file, const std::string& text) {
  const auto path = std::filesystem::path(REMOTEMAIL_SOURCE_DIR) / "tests" / file;
  if (update_golden()) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }
  if (!std::filesystem::exists(path)) {
    return "tests/" + file +
           " is missing; run this test with REMOTEMAIL_UPDATE_GOLDEN=1 and read what it wrote";
  }
  return difference("tests/" + file, read_file(path), text);
}

// The same for a part of a document: what stands between the line `opening` and the next line "```".
inline std::string golden_block_fault(const std::string& file, const std::string& opening,
                                      const std::string& text) {
  const auto path = std::filesystem::path(REMOTEMAIL_SOURCE_DIR) / file;
  std::string document = read_file(path);
  const auto at = document.find("\n" + opening + "\n");
  if (at == std::string::npos) return file + " has no line " + opening;
  const auto begin = at + opening.size() + 2;
  const auto end = document.find("```\n", begin);
  if (end == std::string::npos) return file + ": the block after " + opening + " has no end";
  const std::string kept = document.substr(begin, end - begin);
  if (!update_golden() || kept == text) return difference(file + ", block " + opening, kept, text);
  document.replace(begin, end - begin, text);
  std::ofstream(path, std::ios::binary) << document;
  return {};
}

}  // namespace remotemail::test
