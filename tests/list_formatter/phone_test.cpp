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
