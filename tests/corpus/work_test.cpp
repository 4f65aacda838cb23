// The parser's cost, counted: linear in the mail, and in memory a small multiple of it, on recorded mails and on
// everything made to be dear.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/text.hpp"
#include "remotemail/protocol/message.hpp"
#include "work_meter.hpp"

using namespace remotemail;
using corpus::Work;

namespace {

constexpr std::uint64_t kStepsPerOctet = 120;
constexpr std::size_t kMemoryPerOctet = 12;
constexpr std::size_t kSmallMail = 16 * 1024;  // what a mail may cost whatever its size

Work cost_of(std::string bytes) {
  const RawMail raw{{}, bytes.size(), std::move(bytes), true};
  corpus::start_meter();
  {
    const Mail mail = parse_mail(raw);
    CHECK(mail.header_size <= raw.bytes.size());
  }
  return corpus::read_meter();
}

void check_bounds(const std::string& bytes) {
  const Work work = cost_of(bytes);
  CHECK(work.steps <= kStepsPerOctet * (bytes.size() + kSmallMail));
  CHECK(work.peak <= kMemoryPerOctet * (bytes.size() + kSmallMail));
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A mail whose one place is filled with a piece, again and again.
struct Filled {
  const char *before, *piece, *after;
};

const char* const kMultipart = "From: a@b\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n";

const Filled kFilled[] = {
    {"From: a@b\nSubject: ", "=?", "\n\nx\n"},
    {"From: a@b\nSubject: ", "=?utf-8?q?=41?= ", "\n\nx\n"},
    {"From: a@b\nSubject: ", "=?big5?b?QUE=?= =?utf-8?q?a?= ", "\n\nx\n"},
    {"From: a@b\nSubject: ", "=?utf-8?q?", "\n\nx\n"},
    {"From: a@b\nSubject: ", "=?a?q?x", "\n\nx\n"},
    {"From: ", "=?a?q?x", " <a@b>\n\nx\n"},
    {"From: ", "(", " <a@b>\n\nx\n"},
    {"From: ", "\"", " <a@b>\n\nx\n"},
    {"From: ", "a@b,", "\n\nx\n"},
    {"From: ", "\"=?a?q?", " <a@b>\n\nx\n"},
    {"From: a@b\n", "X: y\n", "\nx\n"},
    {"From: a@b\n", " \n", "\nx\n"},
    {"From: a@b\n", "no field\n", "\nx\n"},
    {"From: a@b\n", "Received: from a by b\n", "\nx\n"},
    {"From: a@b\nContent-Type: text/plain", "; a=b", "\n\nx\n"},
    {"From: a@b\nContent-Type: text/plain;\n", "a=b;\n", "\nx\n"},
    {"From: a@b\nContent-Type: text/plain;\n", "a=b\n \n", "\nx\n"},
    {"From: a@b\nContent-Type: text/plain", "; a*0*=''%41", "\n\nx\n"},
    {"From: a@b\nContent-Type: multipart/mixed; boundary=\"", "b", "\"\n\nx\n"},
    {"From: a@b\nReferences:", " <a@b>", "\n\nx\n"},
    {"From: a@b\nReferences: ", "<", "\n\nx\n"},
    {"From: a@b\nDate: ", "1 ", "\n\nx\n"},
    {"From: a@b\n\n", "x", "\n"},
    {"From: a@b\n\n", "x\n", ""},
    {"From: a@b\n\n", "\r", ""},
    {"From: a@b\nContent-Transfer-Encoding: base64\n\n", "QUFB", "\n"},
    {"From: a@b\nContent-Transfer-Encoding: base64\n\n", "=", "\n"},
    {"From: a@b\nContent-Transfer-Encoding: quoted-printable\n\n", "=\n", ""},
    {"From: a@b\nContent-Transfer-Encoding: quoted-printable\n\n", "=41", ""},
    {"From: a@b\nContent-Transfer-Encoding: quoted-printable\n\n", " \t", ""},
    {"From: a@b\nContent-Type: text/plain; format=flowed\n\n", "> x \n", ""},
    {"From: a@b\nContent-Type: text/plain; format=flowed\n\n", ">", ""},
    {"From: a@b\nContent-Type: text/plain; charset=iso-2022-jp\n\n", "\x1B$B%3\x1B(B", ""},
    {"From: a@b\nContent-Type: text/plain; charset=utf-8\n\n", "\xC3", ""},
    {"From: a@b\nContent-Type: text/plain; charset=euc-jp\n\n", "\xFF", ""},
    {"From: a@b\nContent-Type: text/html\n\n", "<", ""},
    {"From: a@b\nContent-Type: text/html\n\n", "<p a=\"", ""},
    {"From: a@b\nContent-Type: text/html\n\n", "<p a='x>", ""},
    {"From: a@b\nContent-Type: text/html\n\n", "<script>", ""},
    {"From: a@b\nContent-Type: text/html\n\n", "<style></", ""},
    {"From: a@b\nContent-Type: text/html\n\n", "<!--", ""},
    {"From: a@b\nContent-Type: text/html\n\n", "<pre>\n</", ""},
    {"From: a@b\nContent-Type: text/html\n\n", "&amp", ""},
    {"From: a@b\nContent-Type: text/html\n\n", "&#1", ""},
    {kMultipart, "--b\n", ""},
    {kMultipart, "--b", ""},
    {kMultipart, "--b\n\n--c\n", ""},
    {kMultipart, "--b\nContent-Type: multipart/mixed; boundary=b\n\n", ""},
    {"Return-Path: <>\n\n", "Message-ID: <a@b>\n", ""},
    {"Return-Path: <>\n\n", "Message-ID: <", ""},
    {"Return-Path: <>\n\n", "Message-ID:\n", ""},
    {"Return-Path: <>\n\n", "5.", ""},
    {"Return-Path: <>\n\n", "550", ""},
    {"Return-Path: <>\nContent-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n",
     "Action: failed\n\n", ""},
    {"Return-Path: <>\nContent-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/rfc822\n\n",
     "\n", ""},
};

std::string fill(const Filled& filled, std::size_t size) {
  std::string out = filled.before;
  while (out.size() < size) out += filled.piece;
  return out + filled.after;
}

}  // namespace

TEST_CASE("work: the meter sees a loop, a search and what is held [D]") {
  corpus::start_meter();
  const std::string text(10'000, 'x');
  const Work work = corpus::read_meter();
  CHECK(work.peak >= 10'000);
  const std::uint64_t few = cost_of("From: a@b\n\nx\n").steps;
  CHECK(few > 100);
  CHECK(cost_of("From: a@b\n\n" + text).steps > few + 10'000);
}

TEST_CASE(
    "work: whatever fills a mail, twice as much of it costs about twice as much, in steps and memory [D] [fault 94]") {
  constexpr std::size_t kSize = 100'000;
  for (const Filled& filled : kFilled) {
    INFO(std::string(filled.before), " ... ", std::string(filled.piece));
    const std::string once = fill(filled, kSize), twice = fill(filled, 2 * kSize);
    CHECK(cost_of(twice).steps <= 2.3 * static_cast<double>(cost_of(once).steps));
    check_bounds(once);
    check_bounds(twice);
  }
}

TEST_CASE("work: no recorded mail costs more than its size allows, nor does its double [D] [fault 94]") {
  const std::string folder = REMOTEMAIL_CORPUS;
  if (folder.empty() || !std::filesystem::exists(folder + "/mime/INDEX.tsv")) {
    MESSAGE("SKIPPED: no corpus of recorded mails (REMOTEMAIL_CORPUS=\"" << folder << "\")");
    return;
  }
  const std::string index = read_file(folder + "/mime/INDEX.tsv");
  std::size_t mails = 0;
  for (const auto line : split(index, '\n')) {
    const std::string file(line.substr(0, line.find('\t')));
    if (!file.starts_with("mime/")) continue;
    CAPTURE(file);
    const std::string bytes = read_file(folder + '/' + file);
    ++mails;
    check_bounds(bytes);
    check_bounds(bytes + bytes);
  }
  CHECK(mails > 100);
}
