// G: replies that are larger than the server takes, over the whole line with memory at both ends.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "agent/line_fixture.hpp"
#include "agent/long_list.hpp"
#include "core/text.hpp"
#include "remotemail/core/limits.hpp"

using namespace remotemail;
using namespace std::chrono_literals;
using remotemail::testing::below_head;
using remotemail::testing::FailingLine;
using remotemail::testing::Line;
using remotemail::testing::long_list;

namespace {

constexpr std::uint64_t kSize = 10'240;

// What is sent when the server takes everything.
std::string whole_reply() {
  Line line;
  line.device.set_list(long_list());
  line.enable().mail("GetLog Counter\r\n");
  line.once();
  REQUIRE(line.servers.sent.size() == 1);
  REQUIRE(line.servers.sent[0].message.size() > 60'000);
  return line.body(0);
}

// The parts that were sent, put together in the order of their numbers; copies have to be the same bytes.
std::string together(const Line& line, std::size_t copies_allowed = 0) {
  std::map<std::string, std::string> by_id;
  std::map<std::size_t, std::string> texts;
  std::size_t copies = 0;
  for (const OutgoingMail& sent : line.servers.sent) {
    const auto [earlier, fresh] = by_id.emplace(sent.id, sent.message);
    copies += fresh ? 0 : 1;
    CHECK(earlier->second == sent.message);
    const Mail mail = Line::parsed(sent);
    if (mail.subject.find('/') == std::string::npos) continue;
    const std::size_t open = mail.subject.rfind('(');
    texts[*parse_number<std::size_t>(split(std::string_view(mail.subject).substr(open + 1), '/')[0])] =
        mail.text;
  }
  CHECK(copies <= copies_allowed);
  std::string all;
  for (const auto& [number, text] : texts) {
    CHECK(number == static_cast<std::size_t>(std::distance(texts.begin(), texts.find(number))) + 1);
    CHECK(text.starts_with("Serial number: FD0000001\nRequested by: ce@example.com\nPart: " +
                           std::to_string(number) + " of " + std::to_string(texts.size()) + "\n\n"));
    all += below_head(text);
  }
  return all;
}

}  // namespace

TEST_CASE(
    "split: SIZE 10240 and a reply of 60 kB: it arrives whole, in parts in their order, before what stood behind it [G, G1, G2, fault 49]") {
  const std::string whole = below_head(whole_reply());
  Line line;
  line.device.set_list(long_list());
  line.servers.size_limit = kSize;
  line.enable().mail("GetLog Counter\r\nHelp\r\n");
  const PollReport report = line.once();
  CHECK(report.failed == 0);
  CHECK(report.answered == 1);
  CHECK(line.agent->outbox()->empty());
  const auto subjects = line.subjects();
  REQUIRE(subjects.size() > 6);
  const std::size_t parts = subjects.size() - 1;
  CHECK(report.sent == parts + 1);
  for (std::size_t i = 0; i < parts; ++i) {
    CHECK(subjects[i] ==
          "Counter list [FD0000001] (" + std::to_string(i + 1) + "/" + std::to_string(parts) + ")");
    CHECK(line.servers.sent[i].message.size() <= kSize - limits::kTraceRoom);
    CHECK(line.servers.sent[i].recipient == "ce@example.com");
    CHECK(line.servers.sent[i].envelope_from == "manager@example.com");
    CHECK(line.servers.sent[i].id.starts_with("rm."));
    CHECK(line.servers.sent[i].id.ends_with("@example.com"));
    const Mail mail = Line::parsed(line.servers.sent[i]);
    CHECK(mail.references == std::vector<std::string>{"1@example.com"});
    CHECK(mail.marks.auto_submitted == std::vector<std::string>{"auto-replied"});
    CHECK(mail.marks.x_loop == std::vector<std::string>{"copier@example.com"});
    for (const auto text : split(std::string_view(mail.text), '\n'))
      CHECK(text.size() <= limits::kReplyColumns);
  }
  CHECK(subjects.back() == "Help [FD0000001]");
  CHECK(together(line) == whole);
  CHECK(line.agent->log(1)->at(0).what == "Help");
  CHECK(line.agent->log(2)->at(1).what ==
        "Counter list (" + std::to_string(parts) + "/" + std::to_string(parts) + ")");
  CHECK(line.logger.has("octets, more than 8192"));
}

TEST_CASE(
    "split: a reply that leaves the servers room for 2 KiB of their own goes whole, one octet less and it goes in parts [G, fault 49]") {
  std::uint64_t octets = 0;
  const auto mails_with = [&octets](std::uint64_t size) {
    Line line;
    line.device.set_list(long_list());
    line.servers.size_limit = size;
    line.enable().mail("GetLog Counter\r\n", "U-BIX", "same@example.com");
    line.once();
    octets = std::max<std::uint64_t>(octets, line.servers.sent.at(0).message.size());
    return line.servers.sent.size();
  };
  CHECK(mails_with(0) == 1);
  CHECK(mails_with(octets + limits::kTraceRoom) == 1);
  CHECK(mails_with(octets + limits::kTraceRoom - 1) == 2);
}

TEST_CASE(
    "split: a server that takes everything gets parts all the same above 1 MiB, and what cannot be split goes whole [G]") {
  for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{50} << 20}) {
    Line line;
    line.enable();
    line.servers.size_limit = size;
    const auto notice = [](const std::string& id, const std::string& message) {
      return OutboxMail{id, OutboxMail::Kind::notice, "manager@example.com", "notice", message, false};
    };
    MailDraft draft;
    draft.message_id = "large@example.com";
    draft.from.address = "copier@example.com";
    draft.to = "manager@example.com";
    draft.subject = "notice";
    for (int i = 0; i < 17'000; ++i) draft.body += std::string(70, 'n') + "\n";
    Batch batch;
    batch.now = line.clock.now();
    batch.notices = {
        notice(draft.message_id, *compose_mail(draft)),
        notice("odd@example.com", "Subject: odd\r\n\r\n" + std::string(limits::kReplyBytes, 'x'))};
    REQUIRE(line.store->commit(batch));
    line.once();
    REQUIRE(line.servers.sent.size() == 3);
    CHECK(Line::parsed(line.servers.sent[0]).subject == "notice (1/2)");
    CHECK(line.servers.sent[0].message.size() <= limits::kReplyBytes);
    CHECK(line.servers.sent[2].id == "odd@example.com");
  }
}

TEST_CASE(
    "split: what cannot be split goes whole into a SIZE that it just fits, and fails for good, named by its size, when it is one octet longer [G, R6]") {
  const std::string message = "Subject: odd\r\n\r\n" + std::string(20'000, 'x');
  for (const bool fits : {true, false}) {
    Line line;
    line.enable();
    line.servers.size_limit = message.size() - (fits ? 0 : 1);
    Batch batch;
    batch.now = line.clock.now();
    batch.notices = {
        {"odd@example.com", OutboxMail::Kind::notice, "manager@example.com", "notice", message, false}};
    REQUIRE(line.store->commit(batch));
    line.once();
    CHECK(line.servers.sent.size() == (fits ? 1 : 0));
    CHECK(line.agent->outbox()->empty());
    CHECK(line.logger.has(std::to_string(message.size()) + " octets; the server's SIZE is ") == !fits);
  }
}

TEST_CASE(
    "split: a SIZE without room for head and some lines fails the reply for good, names SIZE and cure, and the others go [G, R6, fault 49]") {
  Line line;
  line.device.set_list(long_list());
  line.servers.size_limit = 900;
  line.enable().mail("GetLog Counter\r\nbogus\r\nHelp\r\n");
  const PollReport report = line.once();
  CHECK(report.sent == 1);
  CHECK(report.failed == 2);
  // The Manager is told of the failure (R6).
  CHECK(line.subjects() == std::vector<std::string>{"Command errors [FD0000001]", line.subjects().back()});
  CHECK(line.servers.sent.size() == 2);
  CHECK(line.servers.sent.at(1).recipient == "manager@example.com");
  CHECK(line.agent->outbox()->empty());
  CHECK(line.logger.has("failed for good"));
  CHECK(line.logger.has("the server's SIZE is 900"));
  CHECK_FALSE(line.logger.has("octets; the server's SIZE is 900"));
  CHECK(line.logger.has("ask the server's administrator to allow larger mails (SIZE)"));
  CHECK(std::ranges::count(*line.agent->log(10), LogRecord::Result::failed, &LogRecord::result) == 2);
  // Nothing comes again.
  for (int i = 0; i < 3; ++i) {
    line.clock.advance(2h);
    line.once();
  }
  CHECK(line.servers.sent.size() == 2);
}

TEST_CASE(
    "split: the line cut between two parts: the others follow, none is sent twice, none is lost [G, R1, R6, fault 49]") {
  const std::string whole = below_head(whole_reply());
  for (int cut = 1; cut <= 9; ++cut) {
    for (const bool in_doubt : {false, true}) {
      CAPTURE(cut);
      Line line;
      line.device.set_list(long_list());
      line.servers.size_limit = kSize;
      line.enable().mail("GetLog Counter\r\n");
      int sent = 0;
      if (in_doubt) {
        line.servers.send_outcome = [&](const OutgoingMail&) {
          SendOutcome outcome;
          outcome.kind = ++sent == cut ? SendOutcome::Kind::deferred : SendOutcome::Kind::sent;
          outcome.in_doubt = sent == cut;
          if (outcome.in_doubt) outcome.error = make_error(Cause::connection_lost, Step::confirmation);
          return outcome;
        };
      } else {
        line.servers.fault = [&](const std::string& event) -> std::optional<Error> {
          if (!event.starts_with("send ") || ++sent != cut) return std::nullopt;
          return make_error(Cause::connection_lost, Step::data);
        };
      }
      for (int i = 0; i < 4; ++i) {
        line.once();
        line.clock.advance(2h);
      }
      CHECK(line.agent->outbox()->empty());
      CHECK(together(line, in_doubt ? 1 : 0) == whole);
    }
  }
}

TEST_CASE(
    "split: a reply in doubt whose server takes less now is sent in parts, and the log says that it may have arrived [G, R1]") {
  Line line;
  line.device.set_list(long_list());
  line.enable().mail("GetLog Counter\r\n");
  line.servers.send_outcome = [](const OutgoingMail&) {
    return SendOutcome{
        SendOutcome::Kind::deferred, true, {}, make_error(Cause::connection_lost, Step::confirmation)};
  };
  line.once();
  line.servers.send_outcome = nullptr;
  line.servers.size_limit = kSize;
  line.clock.advance(2h);
  line.once();
  CHECK(line.servers.sent.size() > 6);
  CHECK(line.agent->log(1)->at(0).detail.starts_with("an earlier attempt may have arrived too; "));
}

TEST_CASE("split: parts that wait are split again when the server takes less now [G]") {
  const std::string whole = below_head(whole_reply());
  Line line;
  line.device.set_list(long_list());
  line.servers.size_limit = kSize;
  line.enable().mail("GetLog Counter\r\n");
  line.servers.send_outcome = [](const OutgoingMail&) {
    return SendOutcome{
        SendOutcome::Kind::deferred, false, {}, make_error(Cause::refused_for_now, Step::recipient)};
  };
  line.once();
  line.servers.send_outcome = nullptr;
  line.servers.size_limit = 6'000;
  line.clock.advance(2h);
  line.once();
  std::string all;
  for (const OutgoingMail& sent : line.servers.sent) {
    CHECK(sent.message.size() <= 6'000);
    all += below_head(Line::parsed(sent).text);
  }
  CHECK(all == whole);
  CHECK(line.servers.sent.size() > 12);
  CHECK(line.subjects()[1] == "Counter list [FD0000001] (1/8) (2/3)");
}

TEST_CASE("split: a store that cannot take the parts keeps the whole, and nothing was sent [G, R1, R9]") {
  FailingLine line;
  auto& disk = line.disk;
  line.device.set_list(long_list());
  line.servers.size_limit = kSize;
  line.enable().mail("GetLog Counter\r\n");
  line.servers.fault = [&](const std::string& event) -> std::optional<Error> {
    if (event == "open sender") disk.fail_at(1, Cause::store_full);
    return std::nullopt;
  };
  line.once();
  CHECK(line.servers.sent.empty());
  disk.heal();
  line.servers.fault = nullptr;
  CHECK(line.agent->outbox()->size() == 1);
  line.clock.advance(2h);
  line.once();
  CHECK(together(line) == below_head(whole_reply()));
}

TEST_CASE(
    "split: a mail that was put off is not tried again in the same session, also when everything is to be sent [R6]") {
  Line line;
  line.enable().mail("Help\r\nGetLog\r\nGetLog Counter\r\nGetLog Job\r\n");
  std::map<std::string, int> tries;
  line.servers.send_outcome = [&](const OutgoingMail& mail) {
    ++tries[mail.id];
    const bool later = Line::parsed(mail).subject.starts_with("Help");
    return later ? SendOutcome{SendOutcome::Kind::deferred, false, "451",
                               make_error(Cause::refused_for_now, Step::recipient)}
                 : SendOutcome{SendOutcome::Kind::sent, false, "250", std::nullopt};
  };
  JobRequest send;
  send.kind = JobRequest::Kind::send;
  line.once();
  line.agent->perform(send, {});
  CHECK(line.servers.sent.size() == 3);
  for (const auto& [id, count] : tries) CHECK(count <= 2);
}
