#include <doctest/doctest.h>

#include "remotemail/core/limits.hpp"
#include "remotemail/protocol/message.hpp"

using namespace remotemail;

namespace {
Mail parse(std::string bytes, bool complete = true) {
  return parse_mail(RawMail{{}, 0, std::move(bytes), complete});
}
using Defects = std::vector<Defect>;
}  // namespace

TEST_CASE("parse mail: one From field with one mailbox, or a defect [D] [fault 83]") {
  struct {
    const char* header;
    Defects defects;
  } const cases[] = {
      {"From: a@b\n", {}},
      {"", {Defect::no_from}},
      {"From:\n", {Defect::no_from}},
      {"From: a@b\nFrom: a@b\n", {Defect::several_from}},
      {"From: a@b, c@d\n", {Defect::several_from}},
      {"From: a@b, <c d>\n", {Defect::several_from}},
      {"From: undisclosed:;\n", {Defect::from_not_an_address}},
      {"From: g: a@b;\n", {Defect::from_not_an_address}},
      {"From: Joe\n", {Defect::from_not_an_address}},
      {"From: <=?utf-8?q?a?=@b>\n", {Defect::from_not_an_address}},
      {"From: =?utf-8?q?Joe_=3Ca=40b=3E?=\n", {Defect::from_not_an_address}},
      {"From: \"a\x01\"@b\n", {Defect::from_not_an_address}},
      {"From: =?utf-8?q?J=C3=B6rg?= <a@b>\n", {}},
      {"Reply-To: c@d\nSender: e@f\nFrom: a@b\n", {}},
  };
  for (const auto& c : cases) {
    CAPTURE(c.header);
    const Mail mail = parse(std::string("Subject: x\n") + c.header + "\nGETLOG\n");
    CHECK(mail.defects == c.defects);
    CHECK(mail.from.has_value() == c.defects.empty());
    if (mail.from) CHECK(mail.from->address == "a@b");
    CHECK(mail.text == "GETLOG\n");
  }
}

TEST_CASE("parse mail: several Subjects are a defect, equal ones too [D] [fault 83]") {
  CHECK(parse("From: a@b\nSubject: x\nSubject: x\n\n").defects == Defects{Defect::several_subjects});
  CHECK(parse("From: a@b\nSubject: x\nsubject : y\n\n").subject == "x");
  CHECK(parse("From: a@b\n\n").defects.empty());
}

TEST_CASE("parse mail: a NUL anywhere is a defect, a decoded one an unknown character [D]") {
  using namespace std::string_literals;
  CHECK(parse("From: a@b\nSubject: x\0y\n\n"s).defects == Defects{Defect::nul_octet});
  CHECK(parse("From: a@b\n\nGET\0LOG\n"s).defects == Defects{Defect::nul_octet});
  const Mail mail = parse("From: a@b\nContent-Transfer-Encoding: quoted-printable\n\nGET=00LOG\n");
  CHECK(mail.defects.empty());
  CHECK(mail.text == "GET\xEF\xBF\xBDLOG\n");
}

TEST_CASE("parse mail: a header of 64 KiB is read, a longer one is a defect [D6]") {
  const std::string from = "From: a@b\r\n";
  const auto header_of = [&](std::size_t size) {
    std::string header = from;
    while (header.size() + 2 < size) {
      const std::size_t line = std::min<std::size_t>(1000, size - 2 - header.size());
      header += "X:" + std::string(line - 4, 'y') + "\r\n";
      if (size - 2 - header.size() < 5 && size - 2 != header.size())
        header.insert(from.size() + 2, size - 2 - header.size(), 'y');
    }
    return header + "\r\n";
  };
  const std::string exact = header_of(limits::kHeaderBlock);
  REQUIRE(exact.size() == limits::kHeaderBlock);
  Mail mail = parse(exact + "GETLOG\r\n");
  CHECK(mail.header_size == exact.size());
  CHECK(mail.defects.empty());
  CHECK(mail.text == "GETLOG\n");
  mail = parse(header_of(limits::kHeaderBlock + 1) + "GETLOG\r\n");
  CHECK(mail.header_size == limits::kHeaderBlock + 1);
  CHECK(mail.defects == Defects{Defect::header_too_large});
}

TEST_CASE("parse mail: the limits of the header each have their defect [D]") {
  std::string many = "From: a@b\n";
  for (int i = 0; i < 300; ++i) many += "X: y\n";
  CHECK(parse(many + "\n").defects == Defects{Defect::too_many_fields});
  CHECK(parse("From: a@b\nX: " + std::string(17'000, 'y') + "\n\n").defects ==
        Defects{Defect::field_too_long});
}

TEST_CASE("parse mail: the Subject is unfolded, decoded, trimmed and otherwise kept [D3] [fault 84]") {
  CHECK(parse("Subject:  PassWord \t\n\n").subject == "PassWord");
  CHECK(parse("Subject:\n PassWord\n\n").subject == "PassWord");
  CHECK(parse("Subject: =?iso-2022-jp?B?UGFzc1dvcmQ=?=\n\n").subject == "PassWord");
  CHECK(parse("Subject: Re: PassWord\n\n").subject == "Re: PassWord");
  CHECK(parse("Subject: \xE4\nContent-Type: text/plain; charset=iso-8859-1\n\n").subject == "\xC3\xA4");
  CHECK(parse("Subject: \xC3\xA4\nContent-Type: text/plain; charset=iso-8859-1\n\n").subject == "\xC3\xA4");
  CHECK(parse("Subject: a\xE4z\n\n").subject == "a\xEF\xBF\xBDz");
  CHECK(parse("Subject: a =?utf-8?q?=0D=0AX-Loop:_b?=\n\n").subject == "a   X-Loop: b");
}

TEST_CASE("parse mail: Message-ID and References count when they are well-formed [G]") {
  CHECK(parse("Message-ID: <a@b>\n\n").message_id == "a@b");
  CHECK(parse("Message-Id:\n <a@b> (x)\n\n").message_id == "a@b");
  for (const char* bad : {"a@b", "<a>", "<a@b", "<a@b> <c@d>", "<a b@c>", "x <a@b>", ""}) {
    CAPTURE(bad);
    CHECK(parse(std::string("Message-ID: ") + bad + "\n\n").message_id.empty());
  }
  std::string references = "References:";
  for (int i = 0; i < 30; ++i) references += "\n <" + std::to_string(i) + "@b>";
  const Mail mail = parse(references + "\n\n");
  REQUIRE(mail.references.size() == 10);
  CHECK(mail.references.front() == "20@b");
  CHECK(mail.references.back() == "29@b");
  CHECK(parse("In-Reply-To: <a@b>\n\n").references == std::vector<std::string>{"a@b"});
  CHECK(parse("In-Reply-To: <a@b> <c@d>\n\n").references.empty());
}

TEST_CASE("parse mail: a header alone has no text [D2]") {
  const Mail mail =
      parse("From: a@b\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n", false);
  CHECK(mail.from->address == "a@b");
  CHECK(mail.text.empty());
  CHECK(mail.defects.empty());
}

TEST_CASE("parse mail: a report and the hosts of the way are marked [R10] [Y8]") {
  const Mail mail = parse(
      "Received: from a.example by b\nReceived: from c.example by a\nFrom: a@b\n"
      "Content-Type: multipart/report; report-type=x; boundary=y\n\n");
  CHECK(mail.marks.report);
  CHECK(mail.marks.received == 2);
  CHECK(mail.top_received_host == "a.example");
}

TEST_CASE("parse mail: the three line ends give one mail [D9] [fault 86]") {
  const std::string lf =
      "From: a@b\nSubject: x\n y\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nGETLOG\nHELP\n--b--\n";
  const Mail expected = parse(lf);
  CHECK(expected.text == "GETLOG\nHELP");
  for (const std::string end : {"\r\n", "\r", "\r\r\n"}) {
    std::string bytes;
    for (const char c : lf) bytes += c == '\n' ? end : std::string(1, c);
    const Mail mail = parse(bytes);
    CHECK(mail.subject == expected.subject);
    CHECK(mail.text == expected.text);
    CHECK(mail.defects == expected.defects);
  }
}

TEST_CASE("parse mail: empty and headless mails are defects, not trouble [fault 82]") {
  for (const char* bytes : {"", "\n", "\r\n\r\n", "GETLOG\n", " ", ":", "\n\n\nFrom: a@b\n"}) {
    CAPTURE(bytes);
    CHECK(parse(bytes).defects == Defects{Defect::no_from});
  }
}

TEST_CASE("parse mail: a megabyte of anything is read in one go [fault 94]") {
  for (const std::string piece : {"\n", "\r", "\r\n", " ", "a", "(", "\"", "<", "=?", "From: <", "--\n",
                                  "\x1B", ">", "a: b\n", "\n\n--b"}) {
    CAPTURE(piece);
    std::string bytes = "From: a@b\nContent-Type: multipart/mixed; boundary=b\nSubject: ";
    while (bytes.size() < 1'000'000) bytes += piece;
    CHECK(parse(bytes).text.size() <= 4 * bytes.size());
  }
}
