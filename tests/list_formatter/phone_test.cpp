#include <doctest/doctest.h>

#include "list_formatter/samples.hpp"
#include "remotemail/core/limits.hpp"
#include "remotemail/list_formatter/list_formatter.hpp"

using namespace remotemail;

namespace {

std::string phone(const ReplyHead& head, OutcomeValue value, std::string line = "GetLog") {
  PlannedItem item;
  item.kind = PlannedItem::Kind::phone;
  item.line = std::move(line);
  return PlainTextFormatter().format(head, Outcome{item, std::move(value)}).body;
}

DeviceList many_counters() {
  DeviceList list;
  Section section;
  for (unsigned i = 1; i <= 40; ++i)
    section.rows.push_back(samples::row("C", {"Counter " + std::to_string(i), "123456789"}, i));
  list.sections = {section};
  return list;
}

}  // namespace

TEST_CASE("phone reply: 20 lines of 24 characters, head included, whatever stands in it [G10]") {
  ReplyHead widest = samples::head();
  widest.device.serial_number = std::string(100, 's');
  widest.nickname = std::string(32, 'n');
  widest.requested_by = std::string(64, 'a') + "@" + std::string(189, 'b');
  widest.delay.reset();
  for (const ReplyHead& head : {samples::head(), widest, ReplyHead{}}) {
    const std::string body = phone(head, ListRead{many_counters(), true}, std::string(100, 'G'));
    CHECK(samples::fault_of(body, limits::kPhoneColumns, limits::kPhoneLines) == "");
    for (int i = 1; i <= 4; ++i)
      CHECK(body.find("\nCounter " + std::to_string(i) + ": 123456789\n") != std::string::npos);
  }
  CHECK(samples::lines_of(phone(samples::head(), ListRead{many_counters(), true})).size() ==
        limits::kPhoneLines);
}

TEST_CASE(
    "phone reply: total, copy, print and PM are there below any head, however long its values are [G10]") {
  for (const std::size_t length : {30U, 60U, 90U, 5000U}) {
    for (const char* word : {"x", "xxxxxxxxxxxxxxxxxxxxxx ", "\xC3\x84", "\xE6\x97\xA5", "\n"}) {
      CAPTURE(length);
      ReplyHead head = samples::head();
      head.delay = std::chrono::seconds(INT64_MIN);
      std::string value;
      while (value.size() < length) value += word;
      head.device.serial_number = head.nickname = head.requested_by = value;
      const std::string body = phone(head, ListRead{samples::counters(), true}, value);
      CHECK(samples::fault_of(body, limits::kPhoneColumns, limits::kPhoneLines) == "");
      for (const char* line :
           {"\nTotal: 1234567\n", "\nCopy: 1200001\n", "\nPrint: 34566\n", "\nPM: 48211\n"})
        CHECK(body.find(line) != std::string::npos);
      CHECK(
          phone(head, ListMissing{ListId::counter, true, make_error(Cause::device_busy, Step::device)}, value)
              .find("\nbe read now: the machine\nis busy.\n") != std::string::npos);
    }
  }
}

TEST_CASE(
    "phone reply: only what is too long is shortened, with dots, and only as far as it has to be [G10]") {
  ReplyHead head = samples::head();
  head.nickname = std::string(32, 'n');
  head.device.serial_number = head.requested_by = std::string(66, 's');
  head.delay.reset();
  std::string body = phone(head, ListRead{samples::counters(), true});  // 15 lines of head
  CHECK(body.find("...") == std::string::npos);
  head.nickname = std::string(50, 'n');  // would be 16
  body = phone(head, ListRead{samples::counters(), true});
  const std::string cut = ":\n " + std::string(23, 's') + "\n " + std::string(20, 's') + "...\n";
  CHECK(body.starts_with("Serial number" + cut + "Requested by" + cut + "Nickname:\n nnn"));
  CHECK(body.find("\n not known, your mail\n had no readable date\n") != std::string::npos);
}

TEST_CASE("phone reply: values of the head wrap [G10]") {
  ReplyHead head = samples::head();
  head.requested_by = "customer.engineer@service.example.com";
  head.delay.reset();
  CHECK(phone(head, ListRead{samples::counters(), true})
            .starts_with("Serial number: 56GE0123\nRequested by:\n customer.engineer@servi\n"
                         " ce.example.com\nNickname: Third floor\nDelay time:\n not known, your mail\n"
                         " had no readable date\n\n> GetLog\nTotal: 1234567\n"));
}

TEST_CASE("phone reply: a counter list that cannot be read is told in short lines too [G] [G10]") {
  for (const Cause cause : {Cause::device_unsupported, Cause::device_busy, Cause::device_broken}) {
    const Error reason = make_error(cause, Step::device, std::string(500, 'd'));
    const std::string body = phone(samples::head(), ListMissing{ListId::counter, true, reason});
    CHECK(samples::fault_of(body, limits::kPhoneColumns, limits::kPhoneLines) == "");
  }
  CHECK(
      phone(samples::head(), ListMissing{ListId::counter, true, make_error(Cause::device_busy, Step::device)})
          .ends_with("\n> GetLog\nThe counter list cannot\nbe read now: the machine\nis busy.\n"));
}
