#include <doctest/doctest.h>

#include "list_formatter/samples.hpp"
#include "remotemail/core/limits.hpp"
#include "remotemail/list_formatter/list_formatter.hpp"

using namespace remotemail;

namespace {

ReplyText format(const ReplyHead& head, OutcomeValue value, PlannedItem item = {}) {
  return PlainTextFormatter().format(head, Outcome{std::move(item), std::move(value)});
}

PlannedItem item(std::string line) {
  PlannedItem item;
  item.line = std::move(line);
  return item;
}

// The head alone: what stands above the first empty line.
std::string head_of(const ReplyHead& head, bool phone = false) {
  const std::string body = format(head, ListRead{samples::counters(), phone}, item("G")).body;
  return body.substr(0, body.find("\n\n") + 1);
}

// The body below the head.
std::string content(const ReplyHead& head, OutcomeValue value, PlannedItem item = {}) {
  const std::string body = format(head, std::move(value), std::move(item)).body;
  return body.substr(body.find("\n\n") + 2);
}

}  // namespace

TEST_CASE("formatter: the body begins with serial number, sender, nickname and delay, then an empty line [G4] [G5] [G6]") {
  CHECK(head_of(samples::head()) ==
        "Serial number: 56GE0123\nRequested by: ce@example.com\nNickname: Third floor\nDelay time: +0d "
        "00h12m05s\n");
}

TEST_CASE("formatter: a blank nickname has no line, and the delay only when it is to be announced [G5] [B34]") {
  ReplyHead head = samples::head();
  head.announce_delay = false;
  for (const char* blank : {"", "  "}) {
    head.nickname = blank;
    CHECK(head_of(head) == "Serial number: 56GE0123\nRequested by: ce@example.com\n");
  }
}

TEST_CASE("formatter: the delay shows its sign, days, hours, minutes and seconds [G6] [G7]") {
  struct {
    std::int64_t seconds;
    const char* text;
  } const cases[] = {
      {0, "+0d 00h00m00s"},
      {725, "+0d 00h12m05s"},
      {-725, "-0d 00h12m05s"},
      {86399, "+0d 23h59m59s"},
      {86400, "+1d 00h00m00s"},
      {-90061, "-1d 01h01m01s"},
      {INT64_MIN, "-106751991167300d 15h30m08s"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.seconds);
    ReplyHead head = samples::head();
    head.delay = std::chrono::seconds(c.seconds);
    CHECK(head_of(head).ends_with(std::string("\nDelay time: ") + c.text + "\n"));
  }
  ReplyHead head = samples::head();
  head.delay.reset();
  CHECK(head_of(head).ends_with("\nDelay time: not known, your mail had no readable date\n"));
}

TEST_CASE("formatter: a long value goes on below its name [G9]") {
  ReplyHead head = samples::head();
  head.requested_by = std::string(64, 'a') + "@" + std::string(189, 'b');
  const std::string expected = "Requested by:\n " + std::string(64, 'a') + "@" + std::string(62, 'b') +
                               "\n " + std::string(127, 'b') + "\n";
  CHECK(head_of(head).find(expected) != std::string::npos);
}

TEST_CASE("formatter: above a list stands the command's line, cut to fit [G]") {
  const auto body = [](std::string line) {
    return content(samples::head(), ListRead{samples::counters(), false}, item(std::move(line)));
  };
  CHECK(body("GetLog Counter x").starts_with("> GetLog Counter x\n\nCounter list\n"));
  CHECK(body(std::string(200, 'x')).starts_with("> " + std::string(123, 'x') + "...\n\nCounter list\n"));
  CHECK(body("").starts_with("Counter list\n"));
}

TEST_CASE("formatter: the texts of the password change are the manual's, to the letter [F16] [F17] [F18]") {
  const ReplyHead head = samples::head();
  using Why = PasswordRefused::Why;
  CHECK(content(head, PasswordChanged{"Sitios"}) ==
        "SE's Password was changed successfully. -> New Password:[Sitios]\n");
  CHECK(content(head, PasswordRefused{Why::old_wrong}, item("ChPass Sitios U-BIX")) ==
        "Old Password is Invalid. ->ChPass Sitios U-BIX\n");
  CHECK(content(head, PasswordRefused{Why::form}, item("ChPass Sitios")) ==
        "Violation on format by new password. ->ChPass Sitios\n");
  CHECK(content(head, PasswordChanged{"[%s]'\\"}) ==
        "SE's Password was changed successfully. -> New Password:[[%s]'\\]\n");
  for (const Why why : {Why::old_wrong, Why::form}) {
    const std::string line = content(head, PasswordRefused{why}, item("C " + std::string(300, 'x')));
    CHECK(line.size() == limits::kReplyColumns + 1);
    CHECK(line.ends_with("x...\n"));
  }
}

TEST_CASE("formatter: masked passwords are eight asterisks [Y4] [F16] [F17] [F18]") {
  ReplyHead head = samples::head();
  head.mask_passwords = true;
  using Why = PasswordRefused::Why;
  CHECK(content(head, PasswordChanged{"Sitios"}) ==
        "SE's Password was changed successfully. -> New Password:[********]\n");
  CHECK(content(head, PasswordRefused{Why::old_wrong}, item("ChPass  Sitios U-BIX")) ==
        "Old Password is Invalid. ->ChPass ******** ********\n");
  CHECK(content(head, PasswordRefused{Why::form}, item("ChPass Sitios")) ==
        "Violation on format by new password. ->ChPass ********\n");
  CHECK(content(head, PasswordRefused{Why::form}, item("ChPass")) ==
        "Violation on format by new password. ->ChPass\n");
  PlannedItem errors;
  errors.replies = {"Command Not Found -> chpass U-BIX Siti?s", "Option Not Found -> G Log"};
  CHECK(content(head, NotFound{}, errors) ==
        "Command Not Found -> chpass ******** ********\nOption Not Found -> G Log\n");
}

TEST_CASE("hide_passwords: what stands behind anything that reads as CHPASS is hidden, other lines stay [Y4] [H2]") {
  struct {
    const char *line, *expected;
  } const cases[] = {
      {"ChPass U-BIX Sitios", "ChPass ******** ********"},
      {"  c\tU-BIX", "  c ********"},
      {"> > chp  a b c", "> > chp ******** ******** ********"},
      {"CHPASS\xC2\xA0U-BIX", "CHPASS ********"},
      {"\xEF\xBC\xA3\xEF\xBC\xA8 U-BIX", "CH ********"},
      {"CHPASS", "CHPASS"},
      {"CHPASSWORD a", "CHPASSWORD a"},
      {"GetLog Counter", "GetLog Counter"},
      {"B\xC3\xBCro", "Buero"},
      {">", ">"},
      {"", ""},
  };
  for (const auto& c : cases) {
    CAPTURE(c.expected);
    CHECK(hide_passwords(c.line) == c.expected);
  }
}

TEST_CASE("formatter: all not-found lines of a mail share one reply, in their order, without an echo [E9] [E13] [G2]") {
  PlannedItem errors = item("first");
  errors.replies = {"Command Not Found -> first", "Option Not Found -> g x", "Command Not Found -> C a ?"};
  const ReplyText reply = format(samples::head(), NotFound{}, errors);
  CHECK(reply.topic == "Command errors");
  CHECK(content(samples::head(), NotFound{}, errors) ==
        "Command Not Found -> first\nOption Not Found -> g x\nCommand Not Found -> C a ?\n");
}

TEST_CASE("formatter: a list the machine does not have is answered in words [G]") {
  const auto sentence = [](ListId list) {
    return content(samples::head(),
                   ListMissing{list, false, make_error(Cause::device_unsupported, Step::device)},
                   item("g x"));
  };
  CHECK(sentence(ListId::font) == "> g x\n\nThis machine has no font pattern list.\n");
  CHECK(sentence(ListId::job) == "> g x\n\nThis machine has no JOB memory list.\n");
  CHECK(sentence(ListId::ekc) == "> g x\n\nThis machine has no E.K.C. management list.\n");
  CHECK(sentence(ListId::management2) == "> g x\n\nThis machine has no machine management list 2.\n");
}

TEST_CASE("formatter: a list that cannot be read now is answered with the reason, under the list's title [G]") {
  const ListMissing missing{ListId::counter, false, make_error(Cause::device_busy, Step::device)};
  CHECK(format(samples::head(), missing, item("g c")).topic == "Counter list");
  CHECK(content(samples::head(), missing, item("g c")) ==
        "> g c\n\nThe counter list cannot be read now: the machine is busy.\n");
  const ListMissing broken{ListId::pixel, false,
                           make_error(Cause::device_broken, Step::device, "exit status 3")};
  CHECK(content(samples::head(), broken) ==
        "The pixel ratio list cannot be read now: the machine gave an unusable answer (exit status 3).\n");
  for (const Cause cause :
       {Cause::device_unreachable, Cause::device_broken, Cause::timed_out, Cause::device_off}) {
    CHECK(content(samples::head(), ListMissing{ListId::pixel, false, make_error(cause, Step::device)})
              .find("The pixel ratio list cannot be read now: " + std::string(words(cause))) == 0);
  }
}

TEST_CASE("formatter: the topic names the list, the phone's layout, or what was done [G3]") {
  for (const ListWord& word : kListWords) {
    DeviceList list;
    list.id = word.id;
    CHECK(format(samples::head(), ListRead{list, false}).topic == word.title);
  }
  CHECK(format(samples::head(), ListRead{samples::counters(), true}).topic == kPhoneTitle);
  CHECK(format(samples::head(), ListMissing{ListId::counter, true, {}}).topic == kPhoneTitle);
  CHECK(format(samples::head(), PasswordChanged{"x"}).topic == "Password change");
  CHECK(format(samples::head(), PasswordRefused{PasswordRefused::Why::form}).topic == "Password change");
  CHECK(format(samples::head(), HelpAsked{}).topic == "Help");
  CHECK(format(samples::head(), NotFound{}).topic == "Command errors");
}

TEST_CASE("formatter: no value can break out of its line or leave ASCII [G9]") {
  ReplyHead head = samples::head();
  head.device.serial_number = "56\r\nX: y\x01\xFF";
  head.nickname = "B\xC3\xBCro\nBcc: x";
  head.requested_by = "a\r\n\r\nb";
  PlannedItem hostile = item("G\r\n\x1B[31m");
  hostile.replies = {"Command Not Found -> a\nb\xE2\x82\xAC"};
  const OutcomeValue values[] = {ListRead{samples::counters(), false},
                                 ListRead{samples::counters(), true},
                                 ListMissing{ListId::job, true, {}},
                                 PasswordChanged{"a\nb"},
                                 PasswordRefused{PasswordRefused::Why::old_wrong},
                                 HelpAsked{},
                                 NotFound{}};
  for (const OutcomeValue& value : values) {
    CAPTURE(value.index());
    const ReplyText reply = format(head, value, hostile);
    CHECK(samples::fault_of(reply.body) == "");
    CHECK(reply.body.find("Nickname: Buero Bcc: x\n") != std::string::npos);
  }
}

TEST_CASE("formatter: the same arguments give the same bytes [G12]") {
  const Outcome outcome{item("g c"), ListRead{samples::counters(), false}};
  CHECK(PlainTextFormatter().format(samples::head(), outcome).body ==
        PlainTextFormatter().format(samples::head(), outcome).body);
}
