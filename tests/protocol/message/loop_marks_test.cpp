#include "protocol/message/loop_marks.hpp"

#include <doctest/doctest.h>

using namespace remotemail;

namespace {
LoopMarks marks_of(const std::string& header) {
  return read_loop_marks(split_header(header + "\n"));
}
}  // namespace

TEST_CASE("loop marks: the Auto-Submitted keyword is found beside parameters and comments [R10]") {
  struct {
    const char *raw, *keyword;
  } const cases[] = {
      {" auto-replied", "auto-replied"},
      {" No (really)", "no"},
      {"(x) auto-generated; a=b", "auto-generated"},
      {"auto-notified ;owner=x", "auto-notified"},
      {"", ""},
  };
  for (const auto& c : cases) {
    CAPTURE(c.raw);
    CHECK(marks_of(std::string("Auto-Submitted:") + c.raw + "\n").auto_submitted ==
          std::vector<std::string>{c.keyword});
  }
  CHECK(marks_of("Auto-Submitted: no\nauto-submitted: auto-replied\n").auto_submitted ==
        std::vector<std::string>{"no", "auto-replied"});
}

TEST_CASE("loop marks: bulk, list, suppress, loop and acknowledge marks are read without regard to case [R10]") {
  CHECK(marks_of("Precedence: Bulk (x)\n").precedence == std::vector<std::string>{"bulk"});
  for (const char* name : {"List-Id", "list-unsubscribe", "LIST-POST", "List-Help", "List-Archive",
                           "List-Owner", "List-Subscribe", "Mailing-List", "X-Mailing-List"}) {
    CAPTURE(name);
    CHECK(marks_of(std::string(name) + ": x\n").list_header);
  }
  CHECK_FALSE(marks_of("Listen: x\nX-List: y\n").list_header);
  CHECK(marks_of("X-Auto-Response-Suppress: DR, OOF,\n AutoReply\n").auto_response_suppress ==
        std::vector<std::string>{"dr", "oof", "autoreply"});
  CHECK(marks_of("X-Loop: Copier@Example.com\nX-Loop: b@c\n").x_loop ==
        std::vector<std::string>{"copier@example.com", "b@c"});
  CHECK(marks_of("X-No-Ack: yes\n").no_ack);
  CHECK(marks_of("X-Ack: No\n").no_ack);
  CHECK_FALSE(marks_of("X-Ack: yes\nX-No-Ack: no\n").no_ack);
}

TEST_CASE("loop marks: the null sender is known however it is written [R10]") {
  for (const char* path : {"<>", " < > ", " (x) <> "})
    CHECK(marks_of(std::string("Return-Path:") + path + "\n").null_return_path);
  for (const char* path : {"<a@b>", "", "a@b"})
    CHECK_FALSE(marks_of(std::string("Return-Path:") + path + "\n").null_return_path);
}

TEST_CASE("loop marks: Received fields are counted and the token of the test keeps its case [R10] [C3]") {
  const LoopMarks marks =
      marks_of("Received: a\nReceived: b\nX-Remotemail-Test: AbC9\nX-Remotemail-Test: other\n");
  CHECK(marks.received == 2);
  CHECK(marks.test_token == "AbC9");
}

TEST_CASE("loop marks: the host that handed the mail over stands in the topmost Received field [Y8]") {
  struct {
    const char *raw, *host;
  } const cases[] = {
      {" from Mail.Example.COM (HELO x) by y; Sun, 22 Nov 2026 17:52:00 +0000", "mail.example.com"},
      {" (from x) from a.b by c", "a.b"},
      {" from [192.0.2.1] by c", "[192.0.2.1]"},
      {" by c with SMTP", ""},
      {" (qmail 1 invoked by uid 0); x", ""},
      {"", ""},
      {" from", ""},
      {" from a\xC3\xA4 by b", ""},
      {" from a;x", "a"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.raw);
    CHECK(received_from(c.raw) == c.host);
  }
}
