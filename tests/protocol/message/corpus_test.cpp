// Mails that nobody of the project wrote. Their folder comes from the outside; nothing of it is in the
// repository.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/text.hpp"
#include "protocol/message/charset.hpp"
#include "remotemail/protocol/message.hpp"

using namespace remotemail;

namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// INDEX.tsv: file, kind and more, one mail a line.
struct Entry {
  std::string file;
  std::string kind;
};

std::vector<Entry> corpus() {
  std::vector<Entry> entries;
  const std::string folder = REMOTEMAIL_CORPUS;
  if (folder.empty() || !std::filesystem::exists(folder + "/mime/INDEX.tsv")) {
    MESSAGE("SKIPPED: no corpus of recorded mails (REMOTEMAIL_CORPUS=\"" << folder << "\")");
    return entries;
  }
  const std::string index = read_file(folder + "/mime/INDEX.tsv");
  bool heading = true;
  for (const auto line : split(index, '\n')) {
    const auto columns = split(line, '\t');
    if (!heading && columns.size() > 2)
      entries.push_back({folder + '/' + std::string(columns[0]), std::string(columns[1])});
    heading = false;
  }
  CHECK(entries.size() > 100);
  return entries;
}

Mail parse(std::string bytes) {
  return parse_mail(RawMail{{}, 0, std::move(bytes), true});
}

}  // namespace

TEST_CASE("corpus: every recorded mail is parsed, whole and with CRLF, to the same values [D9]") {
  for (const Entry& entry : corpus()) {
    CAPTURE(entry.file);
    const std::string bytes = read_file(entry.file);
    const Mail mail = parse(bytes);
    CHECK(is_utf8(mail.subject));
    CHECK(is_utf8(mail.text));
    CHECK(mail.text.find('\r') == std::string::npos);
    CHECK(mail.text.size() <= 4 * bytes.size() + 16);
    if (bytes.find('\r') != std::string::npos) continue;
    std::string crlf;
    for (const char c : bytes) crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
    const Mail other = parse(crlf);
    CHECK(other.subject == mail.subject);
    CHECK(other.text == mail.text);
    CHECK(other.from == mail.from);
    CHECK(other.date == mail.date);
  }
}

TEST_CASE("corpus: recorded mails of people are seldom malformed by our rules [D]") {
  std::size_t mails = 0, malformed = 0;
  for (const Entry& entry : corpus()) {
    if (entry.kind == "malformed" || entry.kind == "mime-entity" || entry.kind == "reply-body-text" ||
        entry.kind == "huge-header")
      continue;
    if (entry.kind == "bounce" || entry.kind == "arf") continue;
    const std::string bytes = read_file(entry.file);
    if (lower(bytes).find("\nfrom:") == std::string::npos && !starts_ignoring_case(bytes, "from:")) continue;
    ++mails;
    const Mail mail = parse(bytes);
    if (mail.defects.empty()) continue;
    ++malformed;
    INFO(entry.file);
  }
  CHECK(malformed * 10 <= mails);
}
