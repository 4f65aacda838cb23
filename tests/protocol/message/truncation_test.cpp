// Mails cut at every octet: what a server that lost the rest, or a limit, leaves of them.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/text.hpp"
#include "protocol/message/charset.hpp"
#include "protocol/message/command_mails.hpp"
#include "protocol/message/header_fields.hpp"
#include "protocol/message/mail_text.hpp"
#include "protocol/message/sample_mails.hpp"
#include "remotemail/authenticator/authenticator.hpp"
#include "remotemail/command_parser/command_parser.hpp"
#include "remotemail/protocol/message.hpp"

using namespace remotemail;
using remotemail::testing::with_line_ends;

namespace {

struct Whole {
  std::string name;
  std::string bytes;
};

Mail parse(const std::string& bytes, std::size_t size) {
  return parse_mail(RawMail{{}, bytes.size(), bytes.substr(0, size), size == bytes.size()});
}

// The 126 mails of our own, and those with a text once more behind a gateway.
std::vector<Whole> own_mails() {
  std::vector<Whole> mails;
  for (const auto& sample : testing::command_mails()) {
    mails.push_back({sample.name, sample.bytes});
    if (const auto wrapped = testing::with_footer_part(sample))
      mails.push_back({sample.name + ", wrapped", *wrapped});
  }
  for (const auto& sample : testing::sample_mails()) {
    if (sample.bytes.size() < 4000) mails.push_back({sample.program, with_line_ends(sample.bytes, "\r\n")});
  }
  return mails;
}

// The first 200 small mails of the corpus.
std::vector<Whole> recorded_mails() {
  std::vector<Whole> mails;
  const std::filesystem::path folder = std::filesystem::path(REMOTEMAIL_CORPUS) / "mime";
  if (std::string(REMOTEMAIL_CORPUS).empty() || !std::filesystem::exists(folder)) {
    MESSAGE("SKIPPED: no corpus of recorded mails (REMOTEMAIL_CORPUS=\"" << REMOTEMAIL_CORPUS << "\")");
    return mails;
  }
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.file_size() > 200 && entry.file_size() < 1500)
      files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  // from all over the corpus, not one project's folder alone
  for (std::size_t i = 0; i < 200 && i < files.size(); ++i) {
    const auto& path = files[i * files.size() / std::min<std::size_t>(files.size(), 200)];
    std::ifstream file(path, std::ios::binary);
    mails.push_back({path.filename().string(), {std::istreambuf_iterator<char>(file), {}}});
  }
  return mails;
}

bool accepted(const Mail& mail, std::size_t size, bool complete) {
  AccessRules rules;
  rules.password_matches = [](std::string_view word) { return word == "U-BIX" || word == "PassWord"; };
  return std::holds_alternative<Accepted>(SubjectAuthenticator().judge(mail, size, complete, rules));
}

// Counted, not asserted one by one: half a million cuts.
struct Faults {
  std::size_t cuts = 0;
  std::vector<std::string> found;
  void note(const Whole& whole, std::size_t size, const char* what) {
    if (found.size() < 20) found.push_back(whole.name + " at " + std::to_string(size) + ": " + what);
  }
  void expect_none() const {
    std::string all;
    for (const std::string& fault : found) all += fault + "\n";
    CHECK(all == "");
  }
};

void check_values(const Whole& whole, const Mail& mail, std::size_t size, Faults& faults) {
  ++faults.cuts;
  const auto expect = [&](bool holds, const char* what) {
    if (!holds) faults.note(whole, size, what);
  };
  expect(mail.header_size <= size, "a header longer than the mail");
  expect(is_utf8(mail.subject) && is_utf8(mail.text), "no UTF-8");
  expect(mail.subject.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos,
         "a Subject of several lines");
  expect(mail.text.find_first_of(std::string_view("\r\0", 2)) == std::string::npos, "CR or NUL in the text");
  expect(mail.text.size() <= 4 * size + 16, "a text longer than the mail");
  expect(!mail.from || is_mail_address(mail.from->address), "no address");
}

// Where the part begins whose text counts; before it a multipart's preamble is taken for the text.
std::size_t begin_of_text(const std::string& bytes) {
  const std::string text = with_line_ends(bytes, "\n");
  const HeaderBlock header = split_header(text);
  const MimeTree tree = read_mime(header, std::string_view(text).substr(header.size));
  const MimeLeaf* leaf = text_leaf(tree);
  if (leaf == nullptr) return bytes.size();
  auto lines = std::count(text.data(), leaf->body.data(), '\n');
  std::size_t at = 0;
  for (; lines > 0; ++at) {
    if (bytes[at] == '\n' || (bytes[at] == '\r' && bytes.substr(at + 1, 1) != "\n")) --lines;
  }
  return at;
}

// Every line of the cut mail's text but the last is that of the whole text; behind its end only empty ones stand.
bool lines_agree(const std::vector<std::string_view>& whole, std::string_view text) {
  auto lines = split(text, '\n');
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  if (!lines.empty()) lines.pop_back();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i] != (i < whole.size() ? whole[i] : std::string_view())) return false;
  }
  return true;
}

}  // namespace

TEST_CASE(
    "truncation: our mails cut at every octet: a cut header is never executed, a cut text is the whole text's beginning [D, D5] [fault 82]") {
  Faults faults;
  const auto mails = own_mails();
  CHECK(mails.size() >= 200);
  for (const Whole& whole : mails) {
    const Mail uncut = parse(whole.bytes, whole.bytes.size());
    const auto lines = split(uncut.text, '\n');
    const std::size_t begin = begin_of_text(whole.bytes);
    for (std::size_t size = 0; size < whole.bytes.size(); ++size) {
      const Mail mail = parse(whole.bytes, size);
      check_values(whole, mail, size, faults);
      if (accepted(mail, whole.bytes.size(), false))
        faults.note(whole, size, "accepted though it is known to be cut");
      if (size <= uncut.header_size) {
        if (!mail.text.empty()) faults.note(whole, size, "a text out of the header");
        const auto plan = ManualCommandParser().parse(mail.text);
        if (plan.items.front().kind != PlannedItem::Kind::no_command) faults.note(whole, size, "a command");
        if (mail.subject != uncut.subject && accepted(mail, size, true))
          faults.note(whole, size, "another password");
      } else if (size > begin && !lines_agree(lines, mail.text)) {
        faults.note(whole, size, "other lines than the whole has");
      }
    }
  }
  faults.expect_none();
  CHECK(faults.cuts > 100'000);
}

TEST_CASE("truncation: 200 recorded mails cut at every octet do no harm [D] [fault 82]") {
  Faults faults;
  for (const Whole& whole : recorded_mails()) {
    for (std::size_t size = 0; size < whole.bytes.size(); ++size) {
      const Mail mail = parse(whole.bytes, size);
      check_values(whole, mail, size, faults);
      if (accepted(mail, size, true)) faults.note(whole, size, "accepted");
    }
  }
  faults.expect_none();
}
