// The stories that are cut: kinds of mail, and what the world does to them.
#include "agent/long_list.hpp"
#include "agent/power_world.hpp"

namespace remotemail::testing {
namespace {

using namespace std::chrono_literals;
using Kind = SendOutcome::Kind;

Error lost(Step step) {
  return make_error(Cause::connection_lost, step, "as planned");
}

SendOutcome later(bool in_doubt = false) {
  return {
      Kind::deferred, in_doubt, "451 4.7.1 later",
      Error{in_doubt ? Cause::connection_lost : Cause::refused, Step::confirmation, Retry::later, {}, {}}};
}
SendOutcome never() {
  return {Kind::failed, false, "550 5.1.1 nobody",
          Error{Cause::refused, Step::recipient, Retry::never, {}, {}}};
}
SendOutcome taken() {
  return {Kind::sent, false, "250 ok", {}};
}

unsigned asked(const World& world, const std::string& word) {
  const auto found = world.outside().asked.find(word);
  return found == world.outside().asked.end() ? 0 : found->second;
}

// The first `times` askings for steps that begin with this word fail.
auto failing(std::string word, unsigned times, Step step) {
  return [=](World& world, const std::string& event) -> std::optional<Error> {
    if (!event.starts_with(word) || asked(world, word) >= times) return std::nullopt;
    return lost(step);
  };
}
// Each mail is put off so often, then taken.
auto deferring(unsigned times, bool in_doubt = false) {
  return [=](World& world, const OutgoingMail& mail) {
    return world.tries(mail) < times ? later(in_doubt) : taken();
  };
}

void poll(World& world) {
  world.poll();
}
auto mail(std::string body, std::string subject = "U-BIX") {
  return [=](World& world) { world.mail(body, subject); };
}
auto mails(std::vector<std::pair<std::string, std::string>> all) {
  return [=](World& world) {
    for (const auto& [body, subject] : all) world.mail(body, subject);
  };
}
auto pass(std::chrono::milliseconds time) {
  return [=](World& world) { world.pass(time); };
}

// What is told so often, behind a beginning. People try again what a cut has prevented, so their steps come more than once.
using Steps = std::vector<std::function<void(World&)>>;
Steps times(unsigned count, const Steps& repeated, Steps begin = {}) {
  for (unsigned i = 0; i < count; ++i) begin.insert(begin.end(), repeated.begin(), repeated.end());
  return begin;
}
auto set(std::string key, std::string value) {
  return [=](World& world) { world.set(key, value); };
}

const std::string kTen =
    "GetLog Counter\r\nGetLog Management\r\nGetLog Job\r\nGetLog EKC\r\nGetLog Parameter\r\n"
    "GetLog Address\r\nGetLog Adjustment\r\nHelp\r\nbogus\r\nGetLog\r\nGetLog Nonsense\r\n";

std::string bounce_of(const std::string& id) {
  return "Return-Path: <>\r\nFrom: MAILER-DAEMON@example.com\r\nTo: copier@example.com\r\nSubject: Undelivered\r\n"
         "Date: Sat, 14 Mar 2026 00:00:00 +0000\r\nMessage-ID: <bounce@example.com>\r\nMIME-Version: 1.0\r\n"
         "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
         "--b\r\nContent-Type: text/plain\r\n\r\nIt failed.\r\n"
         "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example.com\r\n\r\n"
         "Final-Recipient: rfc822; ce@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n"
         "Diagnostic-Code: smtp; 550 nobody\r\n\r\n"
         "--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <" +
         id + ">\r\n\r\n--b--\r\n";
}

std::vector<Scenario> kinds_of_mail() {
  return {
      {"one command", {mail("GetLog Counter\r\n")}, {"Counter list"}},
      {"phone list", {mail("GetLog\r\n")}, {"Counter list (phone)"}},
      {"help", {mail("Help\r\n")}, {"Help"}},
      {"ten commands",
       {mail(kTen)},
       {"Counter list", "Machine management list 1", "JOB memory list", "E.K.C. management list",
        "Parameter list", "Command errors", "Adjustment data list", "Help", "Counter list (phone)"}},
      {"all lists",
       {mail("GetLog All\r\n")},
       {"JOB memory list", "User management list", "Font pattern list", "Machine management list 1",
        "Adjustment data list", "Parameter list", "E.K.C. management list", "Machine management list 2",
        "Counter list", "Pixel ratio list"}},
      {"nothing but an error", {mail("bogus\r\n")}, {"Command errors"}},
      {"no command", {mail("\r\n")}, {"Help"}},
      {"CHPASS alone", {mail("ChPass U-BIX Sitios\r\n")}, {"Password change"}, 0, 0, {"U-BIX", "Sitios"}},
      {"CHPASS among others",
       {mail("GetLog Counter\r\nChPass U-BIX Sitios\r\nHelp\r\n")},
       {"Counter list", "Password change", "Help"},
       0,
       0,
       {"U-BIX", "Sitios"}},
      {"CHPASS with the wrong old one", {mail("ChPass wrong Sitios\r\n")}, {"Password change"}},
      {"CHPASS without a new one", {mail("ChPass U-BIX\r\n")}, {"Password change"}},
      {"CHPASS masked",
       {mail("ChPass U-BIX Sitios\r\n")},
       {"Password change"},
       0,
       0,
       {"U-BIX", "Sitios"},
       {},
       {},
       4,
       {{"security.mask_passwords", "yes"}}},
      {"two mails, CHPASS between",
       {mails({{"ChPass U-BIX Sitios\r\n", "U-BIX"}, {"GetLog Counter\r\n", "Sitios"}})},
       {"Password change", "Counter list"},
       0,
       0,
       {"U-BIX", "Sitios"}},
      {"two mails, the second with the old password",
       {mails({{"ChPass U-BIX Sitios\r\n", "U-BIX"}, {"GetLog Counter\r\n", "U-BIX"}})},
       {"Password change"},
       0,
       0,
       {"U-BIX", "Sitios"}},
      {"CHPASS and back",
       {mails({{"ChPass U-BIX Sitios\r\n", "U-BIX"},
               {"ChPass Sitios Third\r\n", "Sitios"},
               {"Help\r\n", "Third"}})},
       {"Password change", "Password change", "Help"},
       0,
       0,
       {"U-BIX", "Sitios", "Third"}},
      {"CHPASS in two polls",
       {mail("ChPass U-BIX Sitios\r\n"), poll, mail("ChPass Sitios Third\r\n", "Sitios"), poll},
       {"Password change", "Password change"},
       0,
       0,
       {"U-BIX", "Sitios", "Third"}},
      {"illegal", {mail("GetLog\r\n", "wrong")}, {}},
      {"a run of illegal ones",
       {mails({{"a\r\n", "x"}, {"b\r\n", "y"}, {"c\r\n", "z"}, {"Help\r\n", "U-BIX"}})},
       {"Help"}},
      {"too large",
       {[](World& world) { world.mail("Help\r\n" + std::string(20'000, 'x') + "\r\n"); }, mail("Help\r\n")},
       {"Help"}},
      {"automatic",
       {[](World& world) { world.mail("Help\r\n", "U-BIX", "Auto-Submitted: auto-replied\r\n"); }},
       {}},
      {"a bounce",
       {mail("Help\r\n"), poll, poll, poll, poll,
        [](World& world) { world.put(bounce_of(world.first_sent_id())); }},
       {"Help"}},
      {"the same mail twice",
       {[](World& world) {
         for (int i = 0; i < 2; ++i) world.mail("Help\r\n", "U-BIX", "", "same@example.com");
       }},
       {"Help"}},
      {"the same mail again later",
       {[](World& world) { world.mail("Help\r\n", "U-BIX", "", "same@example.com"); }, poll,
        [](World& world) { world.mail("Help\r\n", "U-BIX", "", "same@example.com"); }, poll},
       {"Help"}},
      {"poison", {mail("poison\r\n")}, {}, 1, 0, {"U-BIX"}, {}, {}, 6},
      {"poison among good ones",
       {mails({{"Help\r\n", "U-BIX"}, {"poison\r\n", "U-BIX"}, {"GetLog Counter\r\n", "U-BIX"}})},
       {"Help", "Counter list"},
       1,
       0,
       {"U-BIX"},
       {},
       {},
       8},
      {"five in one poll",
       {mails({{"Help\r\n", "U-BIX"},
               {"GetLog\r\n", "U-BIX"},
               {"buy\r\n", "great"},
               {"GetLog Counter\r\n", "U-BIX"},
               {"bogus\r\n", "U-BIX"}})},
       {"Help", "Counter list (phone)", "Counter list", "Command errors"}},
      {"seven, two polls",
       {[](World& world) {
         for (int i = 0; i < 7; ++i) world.mail("Help\r\n");
       }},
       {"Help", "Help", "Help", "Help", "Help", "Help", "Help"}},
  };
}

std::vector<Scenario> what_servers_do() {
  const auto three =
      mails({{"Help\r\n", "U-BIX"}, {"GetLog\r\n", "U-BIX"}, {"ChPass U-BIX Sitios\r\n", "U-BIX"}});
  const std::vector<std::string> three_sent{"Help", "Counter list (phone)", "Password change"},
      both{"U-BIX", "Sitios"};
  return {
      {"4xx once",
       {mail("Help\r\nGetLog\r\n")},
       {"Help", "Counter list (phone)"},
       0,
       0,
       {"U-BIX"},
       {},
       deferring(1)},
      {"4xx three times",
       {mail("ChPass U-BIX Sitios\r\n")},
       {"Password change"},
       0,
       0,
       both,
       {},
       deferring(3),
       6},
      {"5xx",
       {mail("Help\r\n")},
       {},
       0,
       0,
       {"U-BIX"},
       {},
       [](World&, const OutgoingMail&) { return never(); }},
      {"5xx for one of two",
       {mail("Help\r\nGetLog\r\n")},
       {"Counter list (phone)"},
       0,
       0,
       {"U-BIX"},
       {},
       [](World&, const OutgoingMail& mail) {
         return mail.message.find("Subject: Help") != std::string::npos ? never() : taken();
       }},
      {"in doubt once", {mail("Help\r\n")}, {"Help"}, 0, 0, {"U-BIX"}, {}, deferring(1, true)},
      {"in doubt twice, with a password",
       {mail("ChPass U-BIX Sitios\r\nHelp\r\n")},
       {"Password change", "Help"},
       0,
       0,
       both,
       {},
       deferring(2, true),
       6},
      {"the SMTP server is down twice",
       {three},
       three_sent,
       0,
       0,
       both,
       failing("open sender", 2, Step::connect),
       {},
       6},
      {"the SMTP session breaks at the second mail",
       {three},
       three_sent,
       0,
       0,
       both,
       [](World& world, const std::string& event) -> std::optional<Error> {
         if (event.starts_with("send") && asked(world, "send") == 1) return lost(Step::data);
         return std::nullopt;
       }},
      {"the SMTP server never takes it: it expires",
       times(18, {pass(8h), poll}, {mail("Help\r\n"), poll}),
       {},
       0,
       0,
       {"U-BIX"},
       {},
       [](World&, const OutgoingMail&) { return later(); },
       4,
       {},
       28},
      {"the SMTP server takes nothing yet",
       {mail("Help\r\n")},
       {},
       0,
       1,
       {"U-BIX"},
       {},
       [](World&, const OutgoingMail&) { return later(); },
       2},
      {"the mailbox server is down at first",
       {mail("Help\r\n"), poll},
       {"Help"},
       0,
       0,
       {"U-BIX"},
       failing("open mailbox", 1, Step::connect)},
      {"the list breaks",
       {mail("Help\r\n"), poll},
       {"Help"},
       0,
       0,
       {"U-BIX"},
       failing("list", 1, Step::list)},
      {"the second fetch breaks",
       {three, poll},
       three_sent,
       0,
       0,
       both,
       [](World& world, const std::string& event) -> std::optional<Error> {
         if (event.starts_with("fetch") && asked(world, "fetch") == 1) return lost(Step::fetch);
         return std::nullopt;
       }},
      {"removing fails", {three, poll}, three_sent, 0, 0, both, failing("remove", 1, Step::remove)},
      {"removing fails twice",
       {three, poll, poll},
       three_sent,
       0,
       0,
       both,
       failing("remove", 2, Step::remove)},
      {"closing fails", {three, poll}, three_sent, 0, 0, both, failing("close", 1, Step::close)},
      {"a reply in two parts",
       {[](World& world) {
         world.make_replies_long(40, 6'144);
         world.mail("GetLog Counter\r\nHelp\r\n");
       }},
       {"Counter list (1/2)", "Counter list (2/2)", "Help"}},
      {"another client empties the mailbox",
       {three},
       {},
       0,
       0,
       {"U-BIX"},
       [](World& world, const std::string& event) -> std::optional<Error> {
         if (event.starts_with("fetch") && asked(world, "fetch") == 0) world.empty_mailbox();
         return std::nullopt;
       }},
  };
}

std::vector<Scenario> what_people_do() {
  const std::vector<std::string> both{"U-BIX", "Sitios"};
  return {
      {"settings applied", {set("reception.interval", "30"), mail("Help\r\n")}, {"Help"}},
      {"the page changes the password",
       times(4, {set("reception.ce_password", "Sitios")}, {mail("Help\r\n")}),
       {},
       0,
       0,
       both},
      {"another mail server", {mail("Help\r\n"), set("transmission.smtp_server", "b.example.com")}, {"Help"}},
      {"a restart with waiting replies",
       {mail("ChPass U-BIX Sitios\r\nHelp\r\nGetLog\r\n"), poll, [](World& world) { world.restart(); },
        pass(1h), poll},
       {"Password change", "Help", "Counter list (phone)"},
       0,
       0,
       both,
       failing("open sender", 1, Step::connect)},
      {"a limit of replies",
       {mail("Help\r\n"), poll, poll, poll, poll, mail("GetLog\r\n")},
       {"Help"},
       1,
       0,
       {"U-BIX"},
       {},
       {},
       2,
       {{"limits.replies_per_sender", "1"}}},
      {"the machine is off meanwhile",
       {mail("Help\r\n"), [](World& world) { world.turn(DeviceState::main_power_off); }, poll,
        [](World& world) { world.turn(DeviceState::ready); }},
       {"Help"}},
      {"a waiting reply is dropped",
       times(4, {[](World& world) { world.drop_replies(); }}, {mail("Help\r\n"), poll, poll, poll, poll}),
       {},
       0,
       0,
       {"U-BIX"},
       failing("open sender", 99, Step::connect)},
      {"a mail without date and Message-ID",
       {[](World& world) {
         world.put("From: ce@example.com\r\nTo: copier@example.com\r\nSubject: U-BIX\r\n\r\nHelp\r\n");
       }},
       {"Help"}},
      {"the server numbers its mails anew",
       times(1, {[](World& world) { world.renumber(); }, poll}, times(4, {poll}, {mail("Help\r\n")})),
       {"Help"},
       0,
       0,
       {"U-BIX"},
       [](World& world, const std::string& event) -> std::optional<Error> {
         if (event.starts_with("remove") && !world.outside().mailbox.ends_with(" 2"))
           return lost(Step::remove);
         return std::nullopt;
       }},
      {"a uid used again",
       times(1, {[](World& world) { world.reuse_uids(); }, mail("GetLog\r\n")},
             times(5, {poll}, {mail("Help\r\n")})),
       {"Help", "Counter list (phone)"}},
  };
}

}  // namespace

const std::vector<Scenario>& scenarios() {
  static const std::vector<Scenario> kAll = [] {
    std::vector<Scenario> all;
    const std::set<std::string> kLong{"ten commands", "all lists", "seven, two polls"};
    for (auto&& part : {kinds_of_mail(), what_servers_do(), what_people_do()})
      all.insert(all.end(), part.begin(), part.end());
    for (Scenario& scenario : all) {
      scenario.is_long = kLong.contains(scenario.name);
      scenario.order_matters = scenario.name == "two mails, the second with the old password";
    }
    return all;
  }();
  return kAll;
}

}  // namespace remotemail::testing
