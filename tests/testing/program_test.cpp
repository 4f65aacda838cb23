// remotemail-mailhost: its command line and its spool.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "command_line.hpp"
#include "spool.hpp"

using namespace remotemail_mailhost;
namespace fs = std::filesystem;

namespace {

remotemail::Result<CommandLine> parse(std::vector<std::string> words) {
  words.insert(words.begin(), "remotemail-mailhost");
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return parse_command_line(static_cast<int>(words.size()), pointers.data());
}

struct Folder {
  Folder() : path((fs::temp_directory_path() / "mailhost_spool_XXXXXX").string()) {
    REQUIRE(mkdtemp(path.data()));
  }
  ~Folder() { fs::remove_all(path); }
  void write(const std::string& name, const std::string& bytes) const {
    std::ofstream(fs::path(path) / name) << bytes;
  }
  std::string path;
};

}  // namespace

TEST_CASE("mailhost program: the options") {
  const auto line = parse({"--user",
                           "ce:a:b",
                           "--user=copier:x",
                           "--domain",
                           "d.test",
                           "--pop3",
                           "1110",
                           "--smtps=0",
                           "--fault",
                           "pop3 RETR 2 close",
                           "--deliver",
                           "ce",
                           "one.eml",
                           "--deliver",
                           "ce",
                           "two.eml",
                           "--tls",
                           "required",
                           "--certificate",
                           "expired",
                           "--lack",
                           "MOVE",
                           "--spool",
                           "s",
                           "--port-file",
                           "p",
                           "--ca-file",
                           "c",
                           "-v"});
  REQUIRE(line);
  CHECK(line->host.users.size() == 2);
  CHECK(line->host.users[0].password == "a:b");
  CHECK(line->host.domain == "d.test");
  CHECK(line->host.ports.pop3 == 1110);
  CHECK(line->host.faults == std::vector<std::string>{"pop3 RETR 2 close"});
  CHECK(line->deliver[1] == std::pair<std::string, std::string>{"ce", "two.eml"});
  CHECK(line->host.imap_tls == remotemail::testing::MailHostOptions::Tls::required);
  CHECK(line->host.lacks.contains("MOVE"));
  CHECK(line->verbose);
  CHECK(help_text().find("no mail server") != std::string_view::npos);
}

TEST_CASE("mailhost program: what is wrong is named") {
  const std::pair<std::vector<std::string>, const char*> table[] = {
      {{"--user", "ce"}, "NAME:PASSWORD"},    {{"--pop3", "65536"}, "\"65536\""},
      {{"--nonsense"}, "\"--nonsense\""},     {{"--user"}, "--user wants an argument"},
      {{"--deliver", "ce"}, "USER and FILE"}, {{"word"}, "\"word\""},
      {{"--tls", "yes"}, "\"yes\""},          {{"-q"}, "\"-q\""},
      {{"--certificate", "x"}, "other-name"},
  };
  for (const auto& [words, why] : table) {
    CAPTURE(why);
    const auto line = parse(words);
    REQUIRE_FALSE(line);
    CAPTURE(line.error().detail);
    CHECK(line.error().detail.find(why) != std::string::npos);
  }
}

TEST_CASE("mailhost program: the spool delivers files that rest, in order, with CRLF, and removes them") {
  Folder folder;
  auto spool = Spool::open(folder.path, {"ce"});
  REQUIRE(spool);
  std::vector<std::string> delivered, complaints;
  const auto collect = [&] {
    spool->collect(
        [&](const std::string& user, std::string bytes) -> remotemail::Status {
          if (bytes.starts_with("no"))
            return remotemail::make_error(remotemail::Cause::store_full, remotemail::Step::store);
          delivered.push_back(user + ":" + bytes);
          return {};
        },
        [&](const std::string& line) { complaints.push_back(line); });
  };
  folder.write("ce/new/b", "two\nlines\r\n");
  folder.write("ce/new/a", "one\n");
  folder.write("ce/new/.hidden", "x");
  folder.write("ce/new/half.tmp", "x");
  folder.write("ce/new/empty", "");
  folder.write("ce/new/z", "no");
  collect();
  CHECK(delivered.empty());  // seen for the first time
  folder.write("ce/new/b", "two\nlines\r\nmore\n");
  collect();
  CHECK(delivered == std::vector<std::string>{"ce:one\r\n"});
  collect();
  collect();
  CHECK(delivered == std::vector<std::string>{"ce:one\r\n", "ce:two\r\nlines\r\nmore\r\n"});
  CHECK(complaints.size() == 1);
  CHECK(fs::exists(fs::path(folder.path) / "ce/new/z"));
  CHECK_FALSE(fs::exists(fs::path(folder.path) / "ce/new/a"));
  CHECK(fs::exists(fs::path(folder.path) / "ce/new/half.tmp"));
}

TEST_CASE("mailhost program: delivered mails become files by number") {
  Folder folder;
  auto spool = Spool::open(folder.path, {"ce"});
  REQUIRE(spool);
  REQUIRE(spool->write("ce", 7, "bytes"));
  REQUIRE(spool->write("ce", 12345, "more"));
  CHECK(*read_mail_file(fs::path(folder.path) / "ce/0007.eml") == "bytes");
  CHECK(fs::exists(fs::path(folder.path) / "ce/12345.eml"));
  CHECK_FALSE(read_mail_file(fs::path(folder.path) / "none"));
  CHECK_FALSE(Spool::open("/dev/null/x", {"ce"}));
}
