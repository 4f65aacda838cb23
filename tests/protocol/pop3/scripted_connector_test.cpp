#include "remotemail/testing/scripted_connector.hpp"

#include <doctest/doctest.h>

#include "protocol/line_channel.hpp"

using namespace remotemail;
using namespace remotemail::testing;
using namespace std::chrono_literals;

namespace {

std::unique_ptr<LineChannel> connect(ScriptedConnector& connector, ManualClock& clock) {
  auto stream = connector.connect("mail.example.com", 110, "", {});
  REQUIRE(stream.ok());
  return std::make_unique<LineChannel>(std::move(*stream), clock);
}

Deadline soon(const ManualClock& clock) {
  return Deadline{}.within(clock.steady_now(), 60s);
}

}  // namespace

TEST_CASE("scripted connector: a dialogue that keeps to the script takes every step") {
  ManualClock clock;
  ScriptedConnector connector(clock, {R"(
    # greeting
    S: hello
    C: {tag} LOGIN * done
    S: {tag} OK {not} a name
    TLS
    C: secret
    S! no end\x21\0
    CLOSE
  )"});
  auto channel = connect(connector, clock);
  CHECK(*channel->read_line(soon(clock)) == "hello");
  CHECK(channel->write_line({"a17 LOGIN me and you done"}, soon(clock)).ok());
  CHECK(*channel->read_line(soon(clock)) == "a17 OK {not} a name");
  CHECK(channel->start_tls({"mail.example.com", "", "pin"}, soon(clock)).ok());
  CHECK(channel->write_line({"secret"}, soon(clock)).ok());
  std::string rest;
  CHECK(channel->read_exactly(8, rest, soon(clock)).ok());
  CHECK(rest == std::string("no end!\0", 8));
  CHECK(channel->read_line(soon(clock)).error().cause == Cause::connection_lost);
  CHECK(connector.problem() == "");
  CHECK(connector.finished());
  CHECK(connector.written() == "a17 LOGIN me and you done\r\nsecret\r\n");
  CHECK(connector.written_in_clear() == "a17 LOGIN me and you done\r\n");
  CHECK(connector.connections() == std::vector<std::string>{"mail.example.com:110"});
  CHECK(connector.tls_policies().at(0).pin == "pin");
}

TEST_CASE("scripted connector: a line that is not in the script is reported with the one expected") {
  ManualClock clock;
  ScriptedConnector connector(clock, {"C: QUIT\nS: bye"});
  auto channel = connect(connector, clock);
  CHECK_FALSE(channel->write_line({"NOOP"}, soon(clock)).ok());
  CHECK(connector.problem() == "step 1: expected \"C: QUIT\", but the client said \"NOOP\"");
  CHECK_FALSE(connector.finished());
}

TEST_CASE("scripted connector: a client that speaks over the server is reported") {
  ManualClock clock;
  ScriptedConnector connector(clock, {"S: hello\nC: QUIT"});
  auto channel = connect(connector, clock);
  CHECK_FALSE(channel->write_line({"QUIT"}, soon(clock)).ok());
  CHECK(connector.problem().find("expected \"S: hello\"") != std::string::npos);
}

TEST_CASE("scripted connector: a client that waits while the server does is reported, in no time") {
  ManualClock clock;
  ScriptedConnector connector(clock, {"C: QUIT"});
  auto channel = connect(connector, clock);
  CHECK(channel->read_line(soon(clock)).error().cause == Cause::timed_out);
  CHECK(connector.problem().find("waits for the server") != std::string::npos);
}

TEST_CASE("scripted connector: a silent server moves the clock to the deadline") {
  ManualClock clock;
  const SteadyTime before = clock.steady_now();
  ScriptedConnector connector(clock, {"SILENT"});
  auto channel = connect(connector, clock);
  CHECK(channel->read_line(soon(clock)).error().cause == Cause::timed_out);
  CHECK(clock.steady_now() == before + 60s);
  CHECK(connector.problem() == "");
}

TEST_CASE("scripted connector: waiting without a deadline is reported") {
  ManualClock clock;
  ScriptedConnector connector(clock, {"SILENT"});
  auto channel = connect(connector, clock);
  CHECK_FALSE(channel->read_line({}).ok());
  CHECK(connector.problem().find("without a deadline") != std::string::npos);
}

TEST_CASE("scripted connector: STOP asks to stop, and what does not heed it goes on") {
  ManualClock clock;
  ScriptedConnector connector(clock, {"STOP\nS: still here"});
  auto channel = connect(connector, clock);
  Deadline deadline = soon(clock);
  deadline.stop = connector.stop_token();
  CHECK(channel->read_line(deadline).error().cause == Cause::stopped);
  CHECK(*channel->read_line(soon(clock)) == "still here");
}

TEST_CASE("scripted connector: TLS where the script has none, and TLS that fails") {
  ManualClock clock;
  ScriptedConnector without(clock, {"C: x"});
  CHECK_FALSE(connect(without, clock)->start_tls({}, soon(clock)).ok());
  CHECK(without.problem().find("starts TLS") != std::string::npos);
  ScriptedConnector failing(clock, {"TLS FAILS"});
  CHECK(connect(failing, clock)->start_tls({}, soon(clock)).error().cause == Cause::certificate_untrusted);
  CHECK(failing.problem() == "");
}

TEST_CASE("scripted connector: one connection a script, one more is refused") {
  ManualClock clock;
  ScriptedConnector connector(clock, {"S: one", "S: two"});
  CHECK(*connect(connector, clock)->read_line(soon(clock)) == "one");
  CHECK(*connect(connector, clock)->read_line(soon(clock)) == "two");
  CHECK(connector.connect("h", 1, "", {}).error().cause == Cause::connection_refused);
}

TEST_CASE("scripted connector: a script that cannot be read says which line") {
  ManualClock clock;
  CHECK(ScriptedConnector(clock, {"S: a\nX: b"}).problem() == "not a step: X: b");
  CHECK(ScriptedConnector(clock, {"S! \\q"}).problem() != "");
  CHECK(replay("Q", [](Replay&) {}) != "");
}

TEST_CASE("replay: whole, byte by byte, and cut in four ways after every step") {
  std::vector<std::string> names;
  int whole = 0;
  int heard = 0;
  const std::string problems = replay("S: hello\nC: QUIT\nS: bye", [&](Replay& run) {
    names.push_back(run.name);
    auto channel = connect(run.connector, run.clock);
    const bool good = channel->read_line(soon(run.clock)).ok() &&
                      channel->write_line({"QUIT"}, soon(run.clock)).ok() &&
                      channel->read_line(soon(run.clock)).ok();
    CAPTURE(run.name);
    CHECK(good == run.whole);
    whole += run.whole ? 1 : 0;
    heard += good ? 1 : 0;
  });
  CHECK(problems == "");
  CHECK(whole == 2);
  CHECK(heard == 2);
  CHECK(names.size() == 2 + 3 * 4);
  CHECK(names.back() == "silent after step 2 (C: QUIT)");
}

TEST_CASE("replay: cuts after every octet") {
  std::size_t runs = 0;
  CHECK(replay("S: abc",
               [&](Replay& run) {
                 ++runs;
                 const auto line = connect(run.connector, run.clock)->read_line(soon(run.clock));
                 CAPTURE(run.name);
                 CHECK(line.ok() == run.whole);
               },
               {.after_every_octet = true}) == "");
  CHECK(runs == 2 + 4 + 4);  // "abc\r\n" has four places inside
}

TEST_CASE("replay: a whole run that leaves a step is reported") {
  CHECK(replay("S: hello\nC: QUIT", [](Replay&) {}).find("whole: not every step") != std::string::npos);
}
