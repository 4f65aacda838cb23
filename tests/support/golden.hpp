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

// Empty when `text` is what the file below tests/ holds, octet for octet; else a sentence that says where they differ,
// or that there is no such file. When asked to update: writes it.
inline std::string golden_fault(const std::string& file, std::string_view text) {
  namespace fs = std::filesystem;
  const fs::path path = fs::path(REMOTEMAIL_SOURCE_DIR) / "tests" / file;
  if (const char* update = std::getenv("REMOTEMAIL_UPDATE_GOLDEN");
      update && std::string_view(update) == "1") {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    return "tests/" + file +
           " is missing; run this test with REMOTEMAIL_UPDATE_GOLDEN=1 and read what it wrote";
  }
  const std::string kept{std::istreambuf_iterator<char>(in), {}};
  if (kept == text) return {};
  std::istringstream kept_lines(kept), lines{std::string(text)};
  std::string kept_line, line;
  for (int number = 1;; ++number) {
    const bool kept_more = static_cast<bool>(std::getline(kept_lines, kept_line));
    const bool more = static_cast<bool>(std::getline(lines, line));
    if (kept_more && more && kept_line == line) continue;
    return "tests/" + file + " line " + std::to_string(number) +
           "\n  kept: " + (kept_more ? kept_line : "(end)") + "\n  now:  " + (more ? line : "(end)") +
           "\nREMOTEMAIL_UPDATE_GOLDEN=1 keeps the new text; read it first";
  }
}

}  // namespace remotemail::test
