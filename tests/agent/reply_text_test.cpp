// What of settings, clocks and the mail itself shows in a reply's text, through the whole line.
#include <doctest/doctest.h>

#include <set>

#include "agent/execute.hpp"
#include "agent/line_fixture.hpp"

using namespace remotemail;
using namespace remotemail::testing;

namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// "Delay time: …" of the answer to a mail with this Date field, received on Saturday, 14 March 2026, at 00:00:00 UTC.
std::string delay_of(const std::string& date_field, const char* announce = "yes") {
  Line line;
  line.enable().set("reception.announce_delay", announce);
  line.servers.put("From: ce@example.com\r\nSubject: U-BIX\r\nMessage-ID: <1@example.com>\r\n" + date_field +
                   "\r\nHelp\r\n");
  line.once();
  REQUIRE(line.servers.sent.size() == 1);
  const std::string body = line.body(0);
  const auto at = body.find("Delay time: ");
  return at == std::string::npos ? "" : body.substr(at + 12, body.find('\n', at) - at - 12);
}

DeviceList accounts(ListId id) {
  return {id,
          {{"Accounts",
            {{"Name", Column::Kind::person}, {"Code", Column::Kind::secret}, {"Count", Column::Kind::count}},
            {{"E-1", {"Sales", "48213377", "12"}}, {"E-2", {"Jo", "0007", "3"}}, {"E-3", {"", "", "0"}}},
            {}}}};
}

std::string pseudonym_in(const std::string& body, std::string_view code) {
  const auto at = body.find("Person-", body.find(std::string("\n").append(code)));
  return at == std::string::npos ? "" : body.substr(at, 13);
}

}  // namespace

TEST_CASE("reply: the delay counts from the mail's Date, whatever zone or clock wrote it [B34] [G6] [G7]") {
  struct {
    const char *date, *delay;
  } const cases[] = {
      {"Date: Fri, 13 Mar 2026 23:58:55 +0000\r\n", "+0d 00h01m05s"},
      {"Date: Sat, 14 Mar 2026 08:58:55 +0900\r\n", "+0d 00h01m05s"},
      {"Date: Fri, 13 Mar 2026 15:58:55 PST\r\n", "+0d 00h01m05s"},
      {"Date: 13 Mar 26 23:58\r\n", "+0d 00h02m00s"},  // no zone: UTC
      {"Date: Sat, 14 Mar 2026 00:00:00 +0000\r\n", "+0d 00h00m00s"},
      {"Date: Sat, 14 Mar 2026 00:12:05 +0000\r\n", "-0d 00h12m05s"},  // the sender's clock is fast
      {"Date: Mon, 15 Mar 2027 01:00:00 +0000\r\n", "-366d 01h00m00s"},
      {"Date: Mon, 1 Jan 1900 00:00:00 +0000\r\n", "+46093d 00h00m00s"},
      {"Date: Fri, 31 Dec 9999 23:59:59 -9959\r\n", "-2912375d 03h58m59s"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.date);
    CHECK(delay_of(c.date) == c.delay);
  }
}

TEST_CASE("reply: a mail without a readable Date says so in the delay line [B34] [G6]") {
  constexpr const char* kUnknown = "not known, your mail had no readable date";
  for (const char* field : {"", "Date: yesterday\r\n", "Date: 1 Jan 0001 00:00:00 +0000\r\n", "Date:\r\n",
                            "Date: Sat, 31 Feb 2026 00:00:00 +0000\r\n", "Date: 99999999999999999999\r\n"}) {
    CAPTURE(field);
    CHECK(delay_of(field) == kUnknown);
  }
}

TEST_CASE("reply: no delay is announced unless that was asked for [B34]") {
  CHECK(delay_of("Date: Fri, 13 Mar 2026 23:58:55 +0000\r\n", "no") == "");
  CHECK(delay_of("", "no") == "");
}

TEST_CASE("reply: the last poll in HELP is local time, by difference or zone [B12] [F22]") {
  for (const auto& [key, value, time] :
       {std::tuple{"transmission.time_difference", "-0930", "2026-03-13 14:30:00 -0930"},
        std::tuple{"transmission.time_difference", "+1200", "2026-03-14 12:00:00 +1200"}}) {
    Line line;
    line.enable().set(key, value);
    line.once();
    line.mail("Help\r\n");
    line.once();
    CHECK(contains(line.body(0), std::string("Last time: ") + time + "."));
  }
}

TEST_CASE("reply: the codes of a list are hidden, its names only when that is set [L]") {
  Line line;
  line.device.set_list(accounts(ListId::ekc));
  line.enable().mail("GetLog EKC\r\n");
  line.once();
  CHECK(contains(line.body(0), "\nE-1   Sales  ****     12\n"));
  CHECK(contains(line.body(0), "\nE-2   Jo     ****      3\n"));
  CHECK_FALSE(contains(line.body(0), "48213377"));
  line.set("security.mask_names", "yes");
  line.mail("GetLog EKC\r\n");
  line.once();
  CHECK_FALSE(contains(line.body(1), "Sales"));
  CHECK(pseudonym_in(line.body(1), "E-1").size() == 13);
  CHECK(contains(line.body(1), std::string("\nE-3") + std::string(28, ' ') + "0\n"));
}

TEST_CASE(
    "reply: a pseudonym is the same in every list, every mail and after a restart, and another for another name [L]") {
  Line line;
  for (const ListId id : {ListId::ekc, ListId::user}) line.device.set_list(accounts(id));
  line.enable().set("security.mask_names", "yes");
  line.mail("GetLog EKC\r\nGetLog User\r\n");
  line.once();
  line.agent = line.open();
  line.mail("GetLog EKC\r\n");
  line.once();
  REQUIRE(line.servers.sent.size() == 3);
  std::set<std::string> sales, jo;
  for (const std::size_t reply : {0U, 1U, 2U}) {
    sales.insert(pseudonym_in(line.body(reply), "E-1"));
    jo.insert(pseudonym_in(line.body(reply), "E-2"));
  }
  CHECK(sales.size() == 1);
  CHECK(jo.size() == 1);
  CHECK(*sales.begin() != *jo.begin());
}

TEST_CASE("reply: a pseudonym comes of the sealing key, so nobody without it can try names [L]") {
  SystemRandom random;
  const Sealer one(Secret(std::string(32, 'a')), random), other(Secret(std::string(32, 'b')), random);
  CHECK(pseudonym("Sales", one) == pseudonym("Sales", one));
  CHECK(pseudonym("Sales", one) != pseudonym("Sales", other));
  CHECK(pseudonym("Sales", one).starts_with("Person-"));
  CHECK(pseudonym("Sales", one).size() == 13);
}

TEST_CASE(
    "jobs: a preview masks names as a mail would, and the lists that the machine has can be asked [L] [F22]") {
  Line line;
  line.device.set_list(accounts(ListId::ekc));
  line.enable().set("security.mask_names", "yes");
  line.mail("GetLog EKC\r\n");
  line.once();
  JobRequest request;
  request.kind = JobRequest::Kind::preview;
  request.list = ListId::ekc;
  const std::string text = line.agent->perform(request, {}).text;
  CHECK_FALSE(contains(text, "Sales"));
  CHECK(pseudonym_in(text, "E-1") == pseudonym_in(line.body(0), "E-1"));

  for (const ListWord& word : kListWords) {
    if (word.id != ListId::counter && word.id != ListId::font) line.device.lacks(word.id);
  }
  line.device.set_state(DeviceState::shut_off);
  request.kind = JobRequest::Kind::offered_lists;
  const JobProgress progress = line.agent->perform(request, {});
  CHECK((progress.lists == std::vector<ListId>{ListId::font, ListId::counter}));
  CHECK_FALSE(progress.error);
}
