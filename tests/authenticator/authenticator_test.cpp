#include "remotemail/authenticator/authenticator.hpp"

#include <doctest/doctest.h>

#include "remotemail/core/limits.hpp"

using namespace remotemail;
using Reason = Illegal::Reason;

namespace {

constexpr std::uint64_t kSmall = 1500;

struct Judge {
  AccessRules rules;
  Mail mail;
  std::uint64_t size = kSmall;
  bool complete = true;
  std::vector<std::string> asked;  // the Subjects that were compared

  Judge() {
    rules.own_address = "copier@example.com";
    rules.password_matches = [this](std::string_view candidate) {
      asked.emplace_back(candidate);
      return candidate == "U-BIX";
    };
    rules.is_ours = [](const std::string& id) { return id == "ours@copier"; };
    mail.from = MailAddress{"ce@example.com", "The CE"};
    mail.subject = "U-BIX";
    mail.text = "GETLOG\n";
    mail.header_size = 500;
  }
  Judge(const Judge&) = delete;

  Verdict verdict() { return SubjectAuthenticator().judge(mail, size, complete, rules); }
  bool accepted() { return std::holds_alternative<Accepted>(verdict()); }
  bool unanswerable() { return std::holds_alternative<Unanswerable>(verdict()); }
  bool undecided() { return std::holds_alternative<Undecided>(verdict()); }
  std::optional<Reason> illegal() {
    const Verdict v = verdict();
    const auto* found = std::get_if<Illegal>(&v);
    return found ? std::optional(found->reason) : std::nullopt;
  }
  std::string detail() { return std::get<Illegal>(verdict()).detail; }
};

}  // namespace

TEST_CASE(
    "authenticator: a mail with the password as its Subject is accepted and answered to its From address [D3]") {
  Judge judge;
  CHECK(std::get<Accepted>(judge.verdict()).reply_to == "ce@example.com");
  judge.mail.from->address = "manager@example.com";  // the envelope sender may ask too
  CHECK(judge.accepted());
}

TEST_CASE("authenticator: the Subject is compared whole and as it is [D5]") {
  for (const char* subject : {"u-bix", "U-BIX.", "-U-BIX", "U-BI", "Re:U-BIX"}) {
    CAPTURE(subject);
    Judge judge;
    judge.mail.subject = subject;
    CHECK(judge.illegal() == Reason::wrong_password);
    CHECK(judge.asked == std::vector<std::string>{subject});
    CHECK(judge.detail().empty());
  }
}

TEST_CASE("authenticator: a Subject that cannot be a password is no guess [Y8]") {
  for (const char* subject :
       {"", "Re: U-BIX", "U-BIX U-BIX", "Best offer ever!", "123456789012345678901", "p\xC3\xA4ss", "a\tb"}) {
    CAPTURE(subject);
    Judge judge;
    judge.mail.subject = subject;
    CHECK(judge.illegal() == Reason::not_a_password);
    CHECK(judge.asked.empty());
    if (*subject != '\0') CHECK(judge.detail().find(subject) == std::string::npos);
  }
}

TEST_CASE("authenticator: without a password nothing is accepted [D6]") {
  Judge judge;
  judge.rules.password_matches = nullptr;
  CHECK(judge.illegal() == Reason::wrong_password);
}

TEST_CASE("authenticator: 10 k-byte without the header block is too large, one less is not [D6]") {
  struct {
    std::uint64_t size, header;
    bool large;
  } const cases[] = {{10'240, 0, true},          {10'239, 0, false},      {10'240 + 500, 500, true},
                     {10'239 + 500, 500, false}, {25'000, 15'000, false}, {300, 500, false},
                     {UINT64_MAX, 500, true}};
  for (const auto& c : cases) {
    CAPTURE(c.size);
    Judge judge;
    judge.size = c.size;
    judge.mail.header_size = c.header;
    CHECK((judge.illegal() == Reason::too_large) == c.large);
    CHECK(judge.accepted() != c.large);
  }
  Judge judge;
  judge.size = 12'845;
  CHECK(judge.detail() == "12,345 bytes");
  judge.size = 1'000'500;
  CHECK(judge.detail() == "1,000,000 bytes");
  judge.rules.size_limit = 1024 * 1024;
  CHECK(judge.accepted());
}

TEST_CASE("authenticator: every defect of the form is illegal and named [D7] [D13]") {
  for (const Defect defect :
       {Defect::no_from, Defect::several_from, Defect::from_not_an_address, Defect::several_subjects,
        Defect::nul_octet, Defect::header_too_large, Defect::too_many_fields, Defect::field_too_long,
        Defect::mime_too_deep, Defect::too_many_parts, Defect::boundary_too_long}) {
    Judge judge;
    judge.mail.defects = {defect};
    CHECK(judge.illegal() == Reason::malformed);
    CHECK(judge.detail() == words(defect));
    CHECK(judge.asked.empty());
  }
  Judge judge;
  judge.mail.defects = {Defect::several_subjects, Defect::nul_octet};
  CHECK(judge.detail() == "several Subject fields, a NUL octet");
  judge.mail.defects.clear();
  judge.mail.from.reset();
  CHECK(judge.illegal() == Reason::malformed);
}

TEST_CASE(
    "authenticator: the running test's own mail is known by its token before anything else [C3] [D13]") {
  Judge judge;
  judge.rules.test_token = "T0ken";
  judge.mail.marks.test_token = "T0ken";
  judge.mail.from->address = "copier@example.com";
  judge.mail.marks.auto_submitted = {"auto-generated"};
  judge.mail.defects = {Defect::several_subjects};
  judge.mail.bounce = BounceReport{{"ours@copier"}, {}, {}};
  judge.mail.subject = "Test";
  judge.size = 1'000'000;
  for (const bool complete : {true, false}) {
    judge.complete = complete;
    CHECK(std::get<OwnTest>(judge.verdict()).token == "T0ken");
  }
}

TEST_CASE("authenticator: another test's mail is our own mail, and not answered [C3] [R10]") {
  for (const char* running : {"", "T0ken", "old"}) {
    Judge judge;
    judge.rules.test_token = running;
    judge.mail.marks.test_token = running == std::string("old") ? "" : "old";
    judge.mail.from->address = "copier@example.com";
    CHECK(judge.unanswerable());
  }
  Judge judge;  // no test is running and the mail names none: two empty texts are no match
  CHECK(judge.accepted());
}

TEST_CASE(
    "authenticator: a bounce of ours is matched whatever its size, before automatic mail and form [R10] [D13] [fault 92]") {
  Judge judge;
  judge.mail.bounce = BounceReport{{"someone@else", "ours@copier"}, "5.1.1", "unknown user"};
  judge.mail.marks.report = judge.mail.marks.null_return_path = true;
  judge.mail.from.reset();
  judge.mail.defects = {Defect::from_not_an_address, Defect::too_many_parts};
  judge.size = 5'000'000;
  CHECK(std::get<Bounce>(judge.verdict()).report.status == "5.1.1");
  judge.complete = false;
  CHECK(std::holds_alternative<Bounce>(judge.verdict()));
}

TEST_CASE("authenticator: a bounce of another's mail is not answered [R10]") {
  Judge judge;
  judge.mail.bounce = BounceReport{{"someone@else"}, {}, {}};
  CHECK(judge.unanswerable());
  judge.rules.is_ours = nullptr;
  CHECK(judge.unanswerable());
}

TEST_CASE("authenticator: a header that looks like a bounce's asks for the first 64 KiB [R10] [D13]") {
  const auto looks = [](auto change) {
    Judge judge;
    judge.complete = false;
    judge.size = 1'000'000;
    change(judge.mail);
    const Verdict verdict = judge.verdict();
    REQUIRE(std::holds_alternative<Undecided>(verdict));
    CHECK(std::get<Undecided>(verdict).bytes == limits::kBounceBytes);
    judge.size = 2000;
    CHECK(std::get<Undecided>(judge.verdict()).bytes == 2000);
    judge.complete = true;  // what was asked for is there, and names no mail of ours
    CHECK(judge.unanswerable());
  };
  looks([](Mail& mail) { mail.marks.report = true; });
  looks([](Mail& mail) { mail.marks.null_return_path = true; });
  looks([](Mail& mail) { mail.from->address = "MAILER-DAEMON@mx.example.org"; });
  looks([](Mail& mail) { mail.bounce = BounceReport{}; });
}

TEST_CASE(
    "authenticator: automatic mail is not answered though the password is right, and costs no comparison [R10]") {
  const auto stopped = [](auto change) {
    for (const bool complete : {true, false}) {
      Judge judge;
      judge.complete = complete;
      change(judge.mail);
      CHECK(judge.unanswerable());
      CHECK(judge.asked.empty());
    }
  };
  stopped([](Mail& mail) { mail.marks.auto_submitted = {"auto-replied"}; });
  stopped([](Mail& mail) { mail.marks.precedence = {"bulk"}; });
  stopped([](Mail& mail) { mail.marks.list_header = true; });
  stopped([](Mail& mail) { mail.marks.auto_response_suppress = {"oof"}; });
  stopped([](Mail& mail) { mail.marks.x_loop = {"copier@example.com"}; });
  stopped([](Mail& mail) { mail.marks.no_ack = true; });
  stopped([](Mail& mail) { mail.marks.received = 101; });
  stopped([](Mail& mail) { mail.from->address = "copier@example.com"; });
  stopped([](Mail& mail) { mail.from->address = "owner-list@example.com"; });
}

TEST_CASE("authenticator: the first that fits decides: automatic, size, form, password [D13]") {
  Judge judge;
  judge.mail.subject = "wrong";
  judge.mail.defects = {Defect::nul_octet};
  judge.size = 1'000'000;
  judge.mail.marks.list_header = true;
  CHECK(judge.unanswerable());
  judge.mail.marks.list_header = false;
  CHECK(judge.illegal() == Reason::too_large);
  judge.size = kSmall;
  CHECK(judge.illegal() == Reason::malformed);
  judge.mail.defects.clear();
  CHECK(judge.illegal() == Reason::wrong_password);
}

TEST_CASE("authenticator: a header alone decides all but acceptance [D2]") {
  Judge judge;
  judge.complete = false;
  judge.mail.text.clear();
  CHECK(std::get<Undecided>(judge.verdict()).bytes == kSmall);
  judge.mail.subject = "wrong";
  CHECK(judge.illegal() == Reason::wrong_password);
  judge.mail.subject = "two words";
  CHECK(judge.illegal() == Reason::not_a_password);
  judge.mail.defects = {Defect::several_from};
  CHECK(judge.illegal() == Reason::malformed);
  judge.size = 20'000;
  CHECK(judge.illegal() == Reason::too_large);
}

TEST_CASE("authenticator: every reason has its words") {
  for (const Reason reason :
       {Reason::wrong_password, Reason::not_a_password, Reason::too_large, Reason::malformed}) {
    CHECK(!words(reason).empty());
  }
  CHECK(words(Reason::wrong_password) == "wrong password");
}

TEST_CASE("authenticator: every reason has words, one of a later version too [D12]") {
  for (const Reason reason : {Reason::wrong_password, Reason::not_a_password, Reason::too_large,
                              Reason::malformed, static_cast<Reason>(99)}) {
    CHECK_FALSE(words(reason).empty());
  }
}
