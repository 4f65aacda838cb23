// The commands, in one process, on the line in memory.
#include "commands/commands.hpp"

#include <doctest/doctest.h>

#include "agent/line_fixture.hpp"
#include "apps/temporary_folder.hpp"
#include "remotemail/device_adapter/simulated_copier.hpp"

using namespace remotemaild;
using remotemail::Secret;
using remotemail::testing::Line;

namespace {

class Kept final : public Output {
 public:
  void out(std::string_view text) override { result += text; }
  void err(std::string_view text) override { complaint += text; }
  std::string result, complaint;
};

class ForgetfulPanel final : public remotemail::PanelMemory {
 public:
  remotemail::Result<std::vector<std::string>> load() override { return std::vector<std::string>(); }
  remotemail::Status append(const std::string&) override { return {}; }
};

struct Desk {
  TemporaryFolder folder;
  Line line;
  ForgetfulPanel memory;
  std::unique_ptr<remotemail::SimulatedCopier> copier = *remotemail::SimulatedCopier::open(
      {7145, std::chrono::sys_days{std::chrono::year{2025} / 1 / 1}}, memory, line.clock);
  Session session{*line.agent,
                  *copier,
                  [this](const remotemail::JobRequest& request, const OnProgress& on_progress) {
                    return line.agent->perform(request, {}, on_progress);
                  },
                  false,
                  folder.path,
                  [this](const std::string& path, bool) { return line.store->back_up(path); }};
  Kept output;

  int run(std::string command, std::vector<std::string> arguments = {},
          std::map<std::string, std::string> options = {}) {
    Invocation invocation;
    invocation.command = std::move(command);
    invocation.arguments = std::move(arguments);
    invocation.options = std::move(options);
    output = {};
    if (auto read = read_named_inputs(invocation); !read) return complain(output, read.error());
    return run_command(invocation, session, output);
  }
  bool said(std::string_view part) const {
    return (output.result + output.complaint).find(part) != std::string::npos;
  }
};

std::vector<std::string> usual() {
  std::vector<std::string> words{"set"};
  for (const auto& [key, value] : Line::usual_settings())
    words.push_back(key + "=" + std::string(value.reveal()));
  return words;
}

}  // namespace

TEST_CASE("commands: settings are set all or none, each error named beside its key [B20, A15]") {
  Desk desk;
  CHECK(desk.run("settings", {"set", "reception.interval=61", "reception.nickname=x"}) == kWrongUse);
  CHECK(desk.said("reception.interval"));
  CHECK(desk.said("Nothing was changed."));
  CHECK(desk.run("settings", {"get", "reception.nickname"}) == kDone);
  CHECK(desk.output.result == "\n");
  CHECK(desk.run("settings", {"set", "reception.intervall=5"}) == kWrongUse);
  CHECK(desk.said("reception.interval"));
  CHECK(desk.run("settings", usual()) == kDone);
  CHECK(desk.said("reception.enabled = yes"));
}

TEST_CASE("commands: a secret is never shown, neither by set, get, list nor export [B29, B31, Y4]") {
  Desk desk;
  desk.run("settings", usual());
  CHECK(desk.said("reception.password = set"));
  std::string all = desk.output.result;
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"list"}, std::vector<std::string>{"export"},
        std::vector<std::string>{"get", "reception.ce_password"}}) {
    desk.run("settings", words);
    all += desk.output.result + desk.output.complaint;
  }
  CHECK(all.find("U-BIX") == std::string::npos);
  CHECK(all.find("mailbox-password") == std::string::npos);
}

TEST_CASE("commands: enabling on a mailbox of more than 20 mails wants --yes and names the number [A22]") {
  Desk desk;
  for (int i = 0; i < 21; ++i) desk.line.mail("x\r\n");
  CHECK(desk.run("settings", usual()) == kWrongUse);
  CHECK(desk.said("21"));
  CHECK(desk.said("--yes"));
  CHECK_FALSE(desk.line.agent->settings()->reception.enabled);
  CHECK(desk.run("settings", usual(), {{"yes", ""}}) == kDone);
  CHECK(desk.line.servers.mails.size() == 21);
}

TEST_CASE("commands: once says what it did, as JSON too, and by its exit status [A8]") {
  Desk desk;
  CHECK(desk.run("once") == kDisabledOrOff);
  desk.run("settings", usual());
  desk.line.mail("Help\r\n");
  desk.line.mail("buy\r\n", "offer");
  CHECK(desk.run("once", {}, {{"json", ""}}) == kDone);
  CHECK(desk.output.result ==
        "{\"state\":\"done\",\"fetched\":2,\"answered\":1,\"illegal\":1,\"unanswerable\":0,\"left\":0,"
        "\"sent\":1,\"waiting\":0,\"failed\":0}\n");
  desk.line.device.set_state(remotemail::DeviceState::shut_off);
  CHECK(desk.run("once") == kDisabledOrOff);
  CHECK(desk.said("off"));
  desk.line.device.set_state(remotemail::DeviceState::ready);
  desk.line.servers.fault = [](const std::string&) -> std::optional<remotemail::Error> {
    return make_error(remotemail::Cause::login_refused, remotemail::Step::login, "mail.example.com:995");
  };
  CHECK(desk.run("once") == kFailed);
  CHECK(desk.said("check user name and password"));
  CHECK(desk.run("once", {}, {{"max-mails", "0"}}) == kWrongUse);
  CHECK(desk.run("poll") == kFailed);
  CHECK(desk.said("no service is running"));
}

TEST_CASE("commands: the mail log is listed newest first [C5]") {
  Desk desk;
  CHECK(desk.run("log") == kDone);
  CHECK(desk.said("empty"));
  desk.run("settings", usual());
  desk.line.mail("Help\r\n");
  desk.run("once");
  CHECK(desk.run("log") == kDone);
  const auto sent = desk.output.result.find("sent"), received = desk.output.result.find("received");
  CHECK(sent < received);
  CHECK(desk.run("log", {}, {{"number", "1"}, {"json", ""}}) == kDone);
  CHECK(desk.said("\"direction\": \"sent\""));
  CHECK(desk.run("log", {}, {{"number", "5000"}}) == kWrongUse);
}

TEST_CASE("commands: list prints what a mail would contain, by any prefix a mail may use [G12, E3]") {
  Desk desk;
  for (const remotemail::ListWord& word : remotemail::kListWords) {
    for (std::size_t length = word.minimum.size(); length <= word.option.size(); ++length) {
      std::string prefix(word.option.substr(0, length));
      CAPTURE(prefix);
      CHECK(desk.run("list", {prefix}) == kDone);
      CHECK(desk.said("\n" + std::string(word.title) + "\n===="));
      for (char& c : prefix) c = remotemail::to_lower(c);
      CHECK(desk.run("list", {prefix}) == kDone);
    }
  }
  CHECK(desk.run("list", {}, {{"phone", ""}}) == kDone);
  CHECK(desk.said("> GETLOG\nTotal: 1234\n"));
}

TEST_CASE(
    "commands: list without a keyword shows which lists there are, --all prints each of them [F12, F22]") {
  Desk desk;
  for (const remotemail::ListWord& word : remotemail::kListWords) {
    if (word.option != "COUNTER" && word.option != "PIXEL") desk.line.device.lacks(word.id);
  }
  CHECK(desk.run("list") == kDone);
  CHECK(desk.output.result ==
        "KEYWORD      SHORTEST  LIST\n"
        "COUNTER      C         Counter list\n"
        "PIXEL        PI        Pixel ratio list\n\n"
        "remotemaild list KEYWORD prints one, --all each of them, --phone the counter list for a phone.\n");
  CHECK(desk.run("list", {}, {{"all", ""}}) == kDone);
  const std::string all = desk.output.result;
  CHECK(all.find("\nCounter list\n") < all.find("\nPixel ratio list\n"));
  CHECK(all.find("has no") == std::string::npos);
  for (const char* word : {"al", "ALL"}) {
    CHECK(desk.run("list", {word}) == kDone);
    CHECK(desk.output.result == all);
  }
  CHECK(desk.run("list", {"P"}) == kDone);  // as the mail would say it
  CHECK(desk.said("This machine has no parameter list."));
  for (const remotemail::ListWord& word : remotemail::kListWords) desk.line.device.lacks(word.id);
  CHECK(desk.run("list") == kDone);
  CHECK(desk.said("This machine has no lists.\n"));
  CHECK(desk.run("list", {}, {{"all", ""}}) == kDone);
}

TEST_CASE("commands: a list that is misnamed is refused, with the way out") {
  Desk desk;
  for (const char* word : {"NOPE", "A L", "COUNTERS", "", "PHONE"}) {
    CAPTURE(word);
    CHECK(desk.run("list", {word}) == kWrongUse);
    CHECK(desk.said("`remotemaild list` shows which there are"));
    CHECK(desk.output.result.empty());
  }
  CHECK(desk.run("list", {"C", "PI"}) == kWrongUse);
  CHECK(desk.run("list", {"C"}, {{"phone", ""}}) == kWrongUse);
  CHECK(desk.run("list", {"C"}, {{"all", ""}}) == kWrongUse);
  CHECK(desk.run("list", {}, {{"all", ""}, {"phone", ""}}) == kWrongUse);
  CHECK(desk.said("--phone stands alone"));
}

TEST_CASE("commands: the panel shows and changes the simulated copier [A9, A12, A13, B1, B2, B3]") {
  Desk desk;
  CHECK(desk.run("panel") == kDone);
  CHECK(desk.said("ready"));
  CHECK(desk.run("panel", {"copy", "10"}) == kDone);
  CHECK(desk.run("panel", {"state", "jam"}) == kDone);
  CHECK(desk.said("jam"));
  CHECK(desk.run("panel", {"copy", "1"}) == kFailed);
  CHECK(desk.run("panel", {"state", "ready"}) == kDone);
  CHECK(desk.run("panel", {"power", "sub", "off"}) == kDone);
  CHECK(desk.said("sub off"));
  CHECK(desk.run("panel", {"power", "sub", "on"}) == kDone);
  CHECK(desk.run("panel", {"ip", "192.168.7.9", "255.255.0.255", "192.168.7.1"}) == kWrongUse);
  CHECK(desk.run("panel", {"ip", "192.168.7.9", "255.255.255.0", "192.168.7.1"}) == kDone);
  CHECK(desk.said("after OFF/ON   192.168.7.9"));
  CHECK(desk.run("panel", {"dance"}) == kWrongUse);
}

TEST_CASE(
    "commands: the panel prints a list, down to its minimum letters, and not while the machine is off [A1, G12]") {
  Desk desk;
  CHECK(desk.run("panel", {"print", "c"}) == kDone);
  CHECK(desk.said("Serial number: "));
  CHECK(desk.said("Requested by: operation panel"));
  CHECK(desk.said("The billing total is C-01 Total"));
  CHECK(desk.run("panel", {"print", "phone"}) == kDone);
  CHECK(desk.run("panel", {"print", "counters"}) == kWrongUse);
  CHECK(desk.run("panel", {"state", "jam"}) == kDone);
  CHECK(desk.run("panel", {"print", "management"}) == kDone);
  CHECK(desk.said("Paper jam at J-"));
  CHECK(desk.run("panel", {"power", "main", "off"}) == kDone);
  CHECK(desk.run("panel", {"print", "counter"}) == kDisabledOrOff);
  CHECK(desk.said("main power"));
}

TEST_CASE("commands: help and get about what is not there name it and say where to look [A22]") {
  Desk desk;
  Invocation invocation;
  invocation.command = "help";
  invocation.arguments = {"bogus"};
  desk.output = {};
  CHECK(run_help(invocation, desk.output) == kWrongUse);
  CHECK(desk.said("there is no command \"bogus\"; see `remotemaild --help`"));
  CHECK(desk.run("settings", {"get", "bogus"}) == kWrongUse);
  CHECK(desk.said("`remotemaild settings list`"));
}

TEST_CASE("commands: an import is all or nothing, names the wrong line, and counts as yes [A22]") {
  Desk desk;
  for (int i = 0; i < 30; ++i) desk.line.mail("x\r\n");
  Invocation invocation;
  invocation.command = "settings";
  invocation.arguments = {"import", "file"};
  invocation.texts.emplace("", Secret("reception.nickname=x\nreception.bogus=1\n"));
  CHECK(run_command(invocation, desk.session, desk.output) == kWrongUse);
  CHECK(desk.said("line 2"));
  CHECK(desk.line.agent->settings()->reception.nickname.empty());
  std::string file;
  for (const auto& [key, value] : Line::usual_settings())
    file += key + "=" + std::string(value.reveal()) + "\n";
  invocation.texts.insert_or_assign("", Secret(file));
  CHECK(run_command(invocation, desk.session, desk.output) == kDone);
  CHECK(desk.line.agent->settings()->reception.enabled);
}

TEST_CASE(
    "commands: test shows each step as progress and each half as a result, check all that was looked at [C1, C3]") {
  Desk desk;
  CHECK(desk.run("test", {"send"}) == kFailed);
  CHECK(desk.output.result.starts_with("failed   sending"));
  CHECK(desk.said("transmission.manager_address"));
  desk.run("settings", usual());
  CHECK(desk.run("test", {"send"}) == kDone);
  CHECK(desk.output.result.starts_with("passed   sending"));
  CHECK(desk.output.complaint.starts_with("... connection"));
  CHECK(desk.run("test", {"round-trip"}) == kFailed);
  CHECK(desk.said("sent, not yet arrived"));
  CHECK(desk.run("test", {"send"}, {{"json", ""}}) == kDone);
  CHECK(desk.output.result.starts_with("{\"ok\":true,\"findings\":["));
  CHECK(desk.output.complaint == "");
  CHECK(desk.run("test") == kWrongUse);
  CHECK(desk.run("check") == kDone);
  for (const char* part :
       {"state directory: folder", "machine: clock", "settings: mandatory values", "log-in"}) {
    CHECK_MESSAGE(desk.said(part), part);
  }
  desk.line.device.set_state(remotemail::DeviceState::sub_power_off);
  CHECK(desk.run("test", {"send"}) == kDisabledOrOff);
  CHECK(desk.said("the machine is off"));
  CHECK(desk.run("check") == kDone);
}

TEST_CASE("commands: what a store cannot back up is said, and no file stays behind [R9]") {
  Desk desk;
  CHECK(desk.run("backup", {"-"}) == kFailed);
  CHECK(desk.run("backup") == kWrongUse);
  CHECK(std::filesystem::is_empty(desk.folder.path));
}

TEST_CASE(
    "commands: the outbox shows what waits and why, sends one now, drops one, and never shows a password [R6, Y3, Y4]") {
  Desk desk;
  CHECK(desk.run("outbox") == kDone);
  CHECK(desk.said("nothing waits"));
  desk.run("settings", usual());
  bool down = true;
  desk.line.servers.fault = [&down](const std::string& event) -> std::optional<remotemail::Error> {
    if (down && event == "open sender")
      return make_error(remotemail::Cause::connection_refused, remotemail::Step::connect,
                        "smtp.example.com:465");
    return std::nullopt;
  };
  desk.line.mail("GetLog Counter\r\nHelp\r\nChPass U-BIX SECRET-NEW\r\n");
  desk.run("once");
  REQUIRE(desk.run("outbox", {"list"}) == kDone);
  CHECK(desk.said("Counter list"));
  CHECK(desk.said("connection refused"));
  const auto waiting = *desk.line.agent->outbox();
  REQUIRE(waiting.size() == 3);
  const auto id = [&waiting](std::size_t i) { return waiting[i].mail.id.substr(3, 8); };

  CHECK(desk.run("outbox", {"show", id(0)}) == kDone);
  CHECK(desk.said("Subject: Counter list"));
  CHECK_FALSE(desk.said("\r"));
  CHECK(desk.run("outbox", {"show", id(2)}) == kFailed);
  CHECK_FALSE(desk.said("SECRET-NEW"));
  CHECK(desk.run("outbox", {"show", "rm."}) == kWrongUse);
  CHECK(desk.said("several"));
  CHECK(desk.run("outbox", {"show", "nonesuch"}) == kFailed);
  CHECK(desk.run("outbox", {"retry"}) == kWrongUse);

  CHECK(desk.run("outbox", {"retry", id(1)}) == kFailed);
  CHECK(desk.said("connection refused"));
  const auto after = *desk.line.agent->outbox();
  CHECK(after[1].attempts == waiting[1].attempts + 1);
  CHECK(after[0].attempts == waiting[0].attempts);
  down = false;
  CHECK(desk.run("outbox", {"retry", id(1)}) == kDone);
  CHECK(desk.line.subjects() == std::vector<std::string>{"Help [FD0000001]"});
  CHECK(desk.run("outbox", {"drop", id(0)}) == kDone);
  CHECK(desk.said("dropped: Counter list to ce@example.com"));
  CHECK((*desk.line.agent->log(1))[0].detail == "dropped by the administrator");
  CHECK(desk.run("once") == kDone);
  CHECK(desk.line.subjects() == std::vector<std::string>{"Help [FD0000001]", "Password change [FD0000001]"});
}
