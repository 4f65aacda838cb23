#include <doctest/doctest.h>

#include "authenticator/loop_rules.hpp"

using namespace remotemail;

namespace {

AccessRules rules() {
  AccessRules rules;
  rules.own_address = "copier@example.com";
  return rules;
}

Mail mail_from(std::string address) {
  Mail mail;
  mail.from = MailAddress{std::move(address), {}};
  return mail;
}

Mail marked(const LoopMarks& marks) {
  Mail mail = mail_from("ce@example.com");
  mail.marks = marks;
  return mail;
}

LoopMarks fields(std::vector<std::string> LoopMarks::*field, std::vector<std::string> values) {
  LoopMarks marks;
  marks.*field = std::move(values);
  return marks;
}

}  // namespace

TEST_CASE(
    "loop rules: Auto-Submitted other than no is not answered, whichever of several fields says so [R10]") {
  struct {
    std::vector<std::string> values;
    bool stopped;
  } const cases[] = {
      {{}, false},
      {{"no"}, false},
      {{"no", "no"}, false},
      {{"auto-replied"}, true},
      {{"auto-generated"}, true},
      {{"auto-notified"}, true},
      {{"no", "auto-replied"}, true},
      {{"yes"}, true},
      {{""}, true},
  };
  for (const auto& c : cases) {
    CAPTURE(c.values.size());
    CHECK(loop_rules::auto_submitted(marked(fields(&LoopMarks::auto_submitted, c.values)), rules())
              .has_value() == c.stopped);
  }
  CHECK(*loop_rules::auto_submitted(marked(fields(&LoopMarks::auto_submitted, {"auto-replied"})), rules()) ==
        "automatic mail (Auto-Submitted: auto-replied)");
}

TEST_CASE("loop rules: mail from the null sender is not answered [R10]") {
  LoopMarks marks;
  CHECK(!loop_rules::null_sender(marked(marks), rules()));
  marks.null_return_path = true;
  CHECK(loop_rules::null_sender(marked(marks), rules()));
}

TEST_CASE("loop rules: mail systems are not answered, a postmaster is [R10]") {
  struct {
    const char* local;
    bool stopped;
  } const cases[] = {
      {"MAILER-DAEMON", true}, {"mailer-daemon", true}, {"LISTSERV", true},    {"majordomo", true},
      {"Majordomo", true},     {"owner-copiers", true}, {"OWNER-x", true},     {"copiers-request", true},
      {"no-reply", true},      {"do_not_reply", true},  {"NoReply", true},     {"noreply+1234", true},
      {"postmaster", false},   {"owner", false},        {"request", false},    {"requests", false},
      {"ce", false},           {"noreplying", false},   {"listserver", false}, {"mailer", false},
  };
  for (const auto& c : cases) {
    CAPTURE(c.local);
    CHECK(loop_rules::system_sender(mail_from(std::string(c.local) + "@example.org"), rules()).has_value() ==
          c.stopped);
  }
  CHECK(!loop_rules::system_sender(Mail{}, rules()));
  LoopMarks marks;
  marks.return_path = "owner-copiers";
  CHECK(loop_rules::system_sender(marked(marks), rules()));
  Mail named = mail_from("x@example.org");
  named.from->display_name = "Mail Delivery Subsystem";
  CHECK(loop_rules::system_sender(named, rules()));
  named.from->display_name = "Mail Delivery";
  CHECK(!loop_rules::system_sender(named, rules()));
}

TEST_CASE("loop rules: a mail of MAILER-DAEMON or postmaster may tell of a reply of ours [R10]") {
  CHECK(may_write_reports(mail_from("Mailer-Daemon@mx.example.org")));
  CHECK(may_write_reports(mail_from("postmaster@mx.example.org")));
  LoopMarks marks;
  marks.return_path = "mailer-daemon";
  CHECK(may_write_reports(marked(marks)));
  CHECK(!may_write_reports(mail_from("ce@mx.example.org")));
}

TEST_CASE("loop rules: what a program writes for an absent person is not answered [R10]") {
  LoopMarks marks;
  CHECK(!loop_rules::responder(marked(marks), rules()));
  marks.responder = true;
  CHECK(*loop_rules::responder(marked(marks), rules()) == "automatic mail (X-Autoreply)");
}

TEST_CASE("loop rules: delivery and reading reports are not answered [R10] [fault 92]") {
  LoopMarks marks;
  CHECK(!loop_rules::report(marked(marks), rules()));
  marks.report = true;
  CHECK(loop_rules::report(marked(marks), rules()));
  Mail mail = mail_from("ce@example.com");
  mail.bounce = BounceReport{{"a@b"}, {}, {}};
  CHECK(loop_rules::report(mail, rules()));
}

TEST_CASE("loop rules: Precedence bulk, junk and list are not answered [R10]") {
  struct {
    const char* value;
    bool stopped;
  } const cases[] = {{"bulk", true},
                     {"junk", true},
                     {"list", true},
                     {"first-class", false},
                     {"special-delivery", false},
                     {"", false},
                     {"auto_reply", true}};
  for (const auto& c : cases) {
    CAPTURE(c.value);
    CHECK(loop_rules::precedence(marked(fields(&LoopMarks::precedence, {c.value})), rules()).has_value() ==
          c.stopped);
  }
  CHECK(loop_rules::precedence(marked(fields(&LoopMarks::precedence, {"normal", "bulk"})), rules()));
}

TEST_CASE("loop rules: mail of a mailing list is not answered [R10]") {
  LoopMarks marks;
  CHECK(!loop_rules::mailing_list(marked(marks), rules()));
  marks.list_header = true;
  CHECK(loop_rules::mailing_list(marked(marks), rules()));
}

TEST_CASE(
    "loop rules: X-Auto-Response-Suppress All, OOF and AutoReply are obeyed, the others are not meant for us [R10]") {
  struct {
    std::vector<std::string> value;
    bool stopped;
  } const cases[] = {{{"all"}, true},
                     {{"oof"}, true},
                     {{"autoreply"}, true},
                     {{"dr", "rn", "oof"}, true},
                     {{"dr", "rn", "nrn"}, false},
                     {{"none"}, false},
                     {{}, false}};
  for (const auto& c : cases) {
    CHECK(loop_rules::response_suppress(marked(fields(&LoopMarks::auto_response_suppress, c.value)), rules())
              .has_value() == c.stopped);
  }
}

TEST_CASE("loop rules: our own X-Loop is not answered, another's is [R10]") {
  struct {
    const char* value;
    bool stopped;
  } const cases[] = {{"copier@example.com", true},
                     {"<copier@example.com>", true},
                     {"other@example.com", false},
                     {"", false},
                     {"<", false}};
  for (const auto& c : cases) {
    CAPTURE(c.value);
    CHECK(loop_rules::own_loop(marked(fields(&LoopMarks::x_loop, {c.value})), rules()).has_value() ==
          c.stopped);
  }
  AccessRules upper = rules();
  upper.own_address = "Copier@Example.COM";
  CHECK(loop_rules::own_loop(marked(fields(&LoopMarks::x_loop, {"other@x", "copier@example.com"})), upper));
  CHECK(!loop_rules::own_loop(marked(fields(&LoopMarks::x_loop, {""})), AccessRules{}));
}

TEST_CASE("loop rules: who asks for no acknowledgement gets none [R10]") {
  LoopMarks marks;
  CHECK(!loop_rules::no_ack(marked(marks), rules()));
  marks.no_ack = true;
  CHECK(loop_rules::no_ack(marked(marks), rules()));
}

TEST_CASE("loop rules: the copier does not answer itself, but its manager [R10]") {
  CHECK(loop_rules::own_address(mail_from("copier@example.com"), rules()));
  CHECK(loop_rules::own_address(mail_from("COPIER@example.COM"), rules()));
  CHECK(!loop_rules::own_address(mail_from("manager@example.com"), rules()));
  CHECK(!loop_rules::own_address(Mail{}, rules()));
}

TEST_CASE("loop rules: more than 100 Received fields are a loop [R10]") {
  LoopMarks marks;
  marks.received = 100;
  CHECK(!loop_rules::many_hops(marked(marks), rules()));
  marks.received = 101;
  CHECK(*loop_rules::many_hops(marked(marks), rules()) == "mail loop (101 Received fields)");
}

TEST_CASE("loop rules: every rule is asked, and none speaks of an ordinary mail [R10]") {
  const std::vector<LoopRule> expected{loop_rules::auto_submitted,    loop_rules::null_sender,
                                       loop_rules::system_sender,     loop_rules::report,
                                       loop_rules::precedence,        loop_rules::mailing_list,
                                       loop_rules::response_suppress, loop_rules::responder,
                                       loop_rules::own_loop,          loop_rules::no_ack,
                                       loop_rules::own_address,       loop_rules::many_hops};
  const auto all = all_loop_rules();
  CHECK(all.size() == expected.size());
  for (const LoopRule rule : expected) CHECK(std::find(all.begin(), all.end(), rule) != all.end());
  for (const LoopRule rule : all) CHECK(!rule(mail_from("ce@example.com"), rules()));
}
