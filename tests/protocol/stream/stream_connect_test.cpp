#include <doctest/doctest.h>

#include "protocol/stream/resolver_dns_server.hpp"
#include "protocol/stream/stream_bench.hpp"

using namespace remotemail;
using namespace remotemail::test;

namespace {
struct Fixture {
  OffsetClock clock;
  std::unique_ptr<Connector> connector = make_poco_connector(clock);
};
using Addresses = std::vector<std::string>;

bool has_ipv6() { return Listener("::1").port() != 0; }

std::uint16_t closed_port() {
  return Listener().port();
}

DnsServer::Zone zone(Addresses v6, Addresses v4) {
  return [v6, v4](const std::string&, bool asked_v6) { return DnsAnswer{.addresses = asked_v6 ? v6 : v4}; };
}
}  // namespace

TEST_CASE_FIXTURE(Fixture, "connector: an address needs no look-up, with or without brackets [B10, B11]") {
  DnsServer dns([](const std::string&, bool) { return DnsAnswer{.code = 2}; });
  for (const std::string host : {"127.0.0.1", "::1", "[::1]"}) {
    CAPTURE(host);
    if (host != "127.0.0.1" && !has_ipv6()) continue;
    TestServer server([](Peer& peer) { peer.send("hello"); }, host == "127.0.0.1" ? host : "::1");
    auto stream = connector->connect(host, server.port(), dns.address(), soon());
    REQUIRE(stream.ok());
    CHECK(read_to_end(**stream) == "hello");
  }
  CHECK(dns.questions() == 0);
}

TEST_CASE_FIXTURE(Fixture, "connector: the name is looked up at the DNS server that is set [B11]") {
  DnsServer dns(zone({}, {"127.0.0.1"}));
  TestServer server([](Peer& peer) { peer.send("hello"); });
  auto stream = connector->connect("mail.example.com", server.port(), dns.address(), soon());
  REQUIRE(stream.ok());
  CHECK(read_to_end(**stream) == "hello");
}

TEST_CASE_FIXTURE(Fixture, "connector: a refused connection is named with address and port [fault 1]") {
  const auto port = closed_port();
  auto stream = connector->connect("127.0.0.1", port, "", soon());
  REQUIRE_FALSE(stream.ok());
  CHECK(stream.error().cause == Cause::connection_refused);
  CHECK(stream.error().step == Step::connect);
  CHECK(stream.error().detail == "127.0.0.1:" + std::to_string(port) + " (127.0.0.1: connection refused)");
}

TEST_CASE_FIXTURE(Fixture, "connector: a black hole ends at the deadline, or with a stop request [fault 2]") {
  BlackHole hole;
  auto stream = connector->connect("127.0.0.1", hole.port(), "", in(300ms));
  REQUIRE_FALSE(stream.ok());
  CHECK(stream.error().cause == Cause::timed_out);
  CHECK(stream.error().step == Step::connect);
  CHECK(stream.error().detail.find("127.0.0.1: no answer yet") != std::string::npos);

  std::stop_source stop;
  std::thread stopper([&] {
    std::this_thread::sleep_for(50ms);
    stop.request_stop();
  });
  CHECK(cause_of(connector->connect("127.0.0.1", hole.port(), "", {SteadyTime::max(), stop.get_token()})) ==
        Cause::stopped);
  stopper.join();
}

TEST_CASE_FIXTURE(
    Fixture, "connector: an address that refuses or swallows everything delays the next one only [fault 4]") {
  TestServer server([](Peer& peer) { peer.send("hello"); });
  DnsServer dns(zone({"::1"}, {"127.0.0.1"}));
  std::unique_ptr<BlackHole> hole;
  SUBCASE("refuses") {}
  SUBCASE("swallows") {
    if (!has_ipv6()) return;
    hole = std::make_unique<BlackHole>("::1", server.port());
    REQUIRE(hole->port() == server.port());
  }
  // Less than limits::kAddressTime: the second address did not wait for the first one's end.
  auto stream = connector->connect("mail.example.com", server.port(), dns.address(), in(8s));
  REQUIRE(stream.ok());
  CHECK(read_to_end(**stream) == "hello");
}

TEST_CASE_FIXTURE(Fixture,
                  "connector: 300 addresses that refuse are all tried, the error names some [fault 3]") {
  Addresses many;
  for (int i = 1; i < 300; ++i) many.push_back("127.0.1." + std::to_string(i % 250));
  DnsServer dns(zone({}, many));
  const auto port = closed_port();
  auto stream = connector->connect("mail.example.com", port, dns.address(), soon());
  REQUIRE_FALSE(stream.ok());
  CHECK(stream.error().cause == Cause::connection_refused);
  CHECK(stream.error().detail.starts_with("mail.example.com:" + std::to_string(port) + " ("));
  CHECK(stream.error().detail.ends_with("and 295 more)"));
  CHECK(stream.error().detail.size() < 400);

  many.push_back("127.0.0.1");  // the 300th
  TestServer server([](Peer& peer) { peer.send("hello"); }, "127.0.0.1", port);
  DnsServer wider(zone({}, many));
  auto reached = connector->connect("mail.example.com", port, wider.address(), soon());
  REQUIRE(reached.ok());
  CHECK(read_to_end(**reached) == "hello");
}

TEST_CASE_FIXTURE(
    Fixture,
    "connector: many black holes do not use up the descriptors, the one behind them is reached [fault 2]") {
  Addresses many(12, "127.0.0.1");
  BlackHole hole;
  TestServer server([](Peer& peer) { peer.send("hello"); }, "127.0.0.2", hole.port());
  many.insert(many.begin() + 5, "127.0.0.2");
  DnsServer dns(zone({}, many));
  auto stream = connector->connect("mail.example.com", hole.port(), dns.address(), soon());
  REQUIRE(stream.ok());
  CHECK(read_to_end(**stream) == "hello");
}

TEST_CASE_FIXTURE(Fixture,
                  "connector: errors of the look-up come through, odd values are invalid [B10, fault 3]") {
  DnsServer dns([](const std::string&, bool) { return DnsAnswer{.code = 3}; });
  CHECK(cause_of(connector->connect("no.example.com", 110, dns.address(), soon())) == Cause::name_not_found);
  CHECK(cause_of(connector->connect("", 110, dns.address(), soon())) == Cause::invalid_value);
  CHECK(cause_of(connector->connect("127.0.0.1", 0, "", soon())) == Cause::invalid_value);
  CHECK(cause_of(connector->connect("fe80::1%nosuch0", 110, "", soon())) == Cause::unreachable);
}
