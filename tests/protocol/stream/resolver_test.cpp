#include <doctest/doctest.h>

#include <fstream>
#include <set>

#include "core/text.hpp"
#include "protocol/stream/resolver.hpp"
#include "protocol/stream/resolver_dns_server.hpp"
#include "protocol/stream/stream_bench.hpp"

using namespace remotemail;
using namespace remotemail::test;

namespace {
struct Fixture {
  OffsetClock clock;
  Resolver resolver{clock};
  Result<std::vector<std::string>> ask(const DnsServer& server,
                                       const std::string& name = "mail.example.com") {
    return resolver.resolve(name, server.address(), soon());
  }
};
using Addresses = std::vector<std::string>;
}  // namespace

TEST_CASE_FIXTURE(Fixture,
                  "resolver: IPv6 and IPv4 addresses come by turns, from the DNS server that is set [B11]") {
  DnsServer server([](const std::string&, bool v6) {
    return v6 ? DnsAnswer{.addresses = {"2001:db8::1"}} : DnsAnswer{.addresses = {"192.0.2.1", "192.0.2.2"}};
  });
  auto found = ask(server);
  REQUIRE(found.ok());
  CHECK(*found == Addresses{"2001:db8::1", "192.0.2.1", "192.0.2.2"});
}

TEST_CASE_FIXTURE(
    Fixture,
    "resolver: one family without addresses, or failing, does not hide the other [fault 3, fault 4]") {
  DnsAnswer other;
  SUBCASE("no address") {}
  SUBCASE("failing") {
    other.code = 2;
  }
  SUBCASE("silent") {
    other.silent = true;
  }
  bool v6_is_bad = true;
  SUBCASE("IPv4 silent") {
    other.silent = true;
    v6_is_bad = false;
  }
  DnsServer server([&](const std::string&, bool v6) {
    if (v6 == v6_is_bad) return other;
    return DnsAnswer{.addresses = {v6 ? "2001:db8::1" : "192.0.2.1"}};
  });
  auto found = ask(server);
  REQUIRE(found.ok());
  CHECK(*found == Addresses{v6_is_bad ? "192.0.2.1" : "2001:db8::1"});
}

TEST_CASE_FIXTURE(Fixture, "resolver: a name that does not exist is name_not_found and is named [fault 3]") {
  DnsServer server([](const std::string&, bool) { return DnsAnswer{.code = 3}; });
  auto found = ask(server, "no.example.com");
  REQUIRE_FALSE(found.ok());
  CHECK(found.error().cause == Cause::name_not_found);
  CHECK(found.error().step == Step::resolve);
  CHECK(found.error().detail == "no.example.com");
  // A name with a dot is complete: no search list was tried behind it.
  CHECK(server.questions() == 2);
}

TEST_CASE_FIXTURE(Fixture, "resolver: a name without address is name_not_found and says so [fault 3]") {
  DnsServer server([](const std::string&, bool) { return DnsAnswer{}; });
  auto found = ask(server);
  REQUIRE_FALSE(found.ok());
  CHECK(found.error().cause == Cause::name_not_found);
  CHECK(found.error().detail == "mail.example.com has no address");
}

TEST_CASE_FIXTURE(Fixture, "resolver: a failing server is resolver_failed and is named [fault 3]") {
  int code = 0;
  SUBCASE("SERVFAIL") {
    code = 2;
  }
  SUBCASE("REFUSED") {
    code = 5;
  }
  DnsServer server([&](const std::string&, bool) { return DnsAnswer{.code = code}; });
  auto found = ask(server);
  REQUIRE_FALSE(found.ok());
  CHECK(found.error().cause == Cause::resolver_failed);
  CHECK(found.error().detail.find(server.address()) != std::string::npos);
}

TEST_CASE_FIXTURE(
    Fixture, "resolver: a silent server is given up by itself, the try after the first included [fault 3]") {
  DnsServer server([](const std::string&, bool) { return DnsAnswer{.silent = true}; });
  auto found = ask(server);
  CHECK(cause_of(found) == Cause::resolver_failed);
  CHECK(server.questions() == 4);
}

TEST_CASE_FIXTURE(Fixture, "resolver: a lost question is asked again [fault 15]") {
  std::atomic<int> asked = 0;
  DnsServer server([&](const std::string&, bool v6) {
    return DnsAnswer{.silent = asked++ < 2, .addresses = v6 ? Addresses{} : Addresses{"192.0.2.1"}};
  });
  auto found = ask(server);
  REQUIRE(found.ok());
  CHECK(*found == Addresses{"192.0.2.1"});
}

TEST_CASE_FIXTURE(Fixture, "resolver: the deadline and a stop request end a look-up [fault 3]") {
  DnsServer server([](const std::string&, bool) { return DnsAnswer{.silent = true}; });
  CHECK(cause_of(resolver.resolve("mail.example.com", server.address(), in(50ms))) == Cause::timed_out);
  std::stop_source stop;
  std::thread stopper([&] {
    std::this_thread::sleep_for(50ms);
    stop.request_stop();
  });
  CHECK(cause_of(resolver.resolve("mail.example.com", server.address(),
                                  {SteadyTime::max(), stop.get_token()})) == Cause::stopped);
  stopper.join();
}

TEST_CASE_FIXTURE(Fixture, "resolver: 300 addresses are all found, over TCP [fault 3]") {
  DnsServer server([](const std::string&, bool v6) {
    DnsAnswer answer;
    for (int i = 0; !v6 && i < 300; ++i) {
      answer.addresses.push_back("10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250));
    }
    return answer;
  });
  auto found = ask(server);
  REQUIRE(found.ok());
  CHECK(std::set<std::string>(found->begin(), found->end()).size() == 300);
  CHECK(server.over_tcp() > 0);
}

TEST_CASE_FIXTURE(Fixture,
                  "resolver: aliases are followed, a circle of them ends as name_not_found [fault 3]") {
  DnsServer server([](const std::string& name, bool v6) {
    if (name == "circle.example.com")
      return DnsAnswer{.aliases = {"other.example.com", "circle.example.com"}};
    return DnsAnswer{.addresses = v6 ? Addresses{} : Addresses{"192.0.2.7"},
                     .aliases = {"a.example.net", "b.example.org"}};
  });
  auto found = ask(server);
  REQUIRE(found.ok());
  CHECK(*found == Addresses{"192.0.2.7"});
  CHECK(cause_of(ask(server, "circle.example.com")) == Cause::name_not_found);
}

TEST_CASE_FIXTURE(Fixture, "resolver: the hosts file is asked without a DNS server, not with one [B11]") {
  DnsServer server([](const std::string&, bool v6) {
    return DnsAnswer{.addresses = v6 ? Addresses{} : Addresses{"192.0.2.9"}};
  });
  std::vector<std::string> names{"localhost"};
  // Nobody is ever asked for localhost; other names of this machine's file show whether it is looked at.
  std::ifstream file("/etc/hosts");
  for (std::string line; std::getline(file, line);) {
    const std::string with_blank = line + ' ';
    const auto words = split_words(with_blank);
    if (words.size() < 2 || words[0] != "127.0.0.1" || words[1].starts_with("localhost")) continue;
    names.emplace_back(words[1]);
  }
  for (const std::string& name : names) {
    CAPTURE(name);
    auto by_file = resolver.resolve(name, "", soon());
    REQUIRE(by_file.ok());
    CHECK(std::find(by_file->begin(), by_file->end(), "127.0.0.1") != by_file->end());
    CHECK(server.questions() == 0);
  }
  for (std::size_t i = 1; i < names.size(); ++i) {
    auto by_server = ask(server, names[i]);
    REQUIRE(by_server.ok());
    CHECK(*by_server == Addresses{"192.0.2.9"});
  }
}

TEST_CASE_FIXTURE(Fixture, "resolver: the search list serves names without a dot only [B11]") {
  const EnvironmentVariable search("LOCALDOMAIN", "corp.example");
  DnsServer server([](const std::string& name, bool) {
    if (!name.ends_with(".corp.example")) return DnsAnswer{.code = 3};
    return DnsAnswer{.addresses = {"192.0.2.5"}};
  });
  CHECK(ask(server, "mail").ok());
  CHECK(cause_of(ask(server, "mail.example.com")) == Cause::name_not_found);
}

TEST_CASE_FIXTURE(
    Fixture,
    "resolver: what is no name or no DNS server's address is invalid_value and is not asked [B11, Y6]") {
  for (const std::string& name :
       std::vector<std::string>{"", "mail example", "mail\r\nx", std::string(300, 'a')}) {
    CAPTURE(name);
    CHECK(cause_of(resolver.resolve(name, "", in(100ms))) == Cause::invalid_value);
  }
  for (const std::string server :
       {"dns.example", "192.0.2.53:", "192.0.2.53:0", "192.0.2.53:65536", "192.0.2.53,192.0.2.54"}) {
    CAPTURE(server);
    CHECK(cause_of(resolver.resolve("mail.example.com", server, in(100ms))) == Cause::invalid_value);
  }
}

TEST_CASE_FIXTURE(
    Fixture, "resolver: names that break the rules of DNS end as errors, whatever the server says [Y6]") {
  DnsServer server([](const std::string&, bool) { return DnsAnswer{.code = 3}; });
  for (const std::string& name :
       std::vector<std::string>{"..", "a..b", ".com", std::string(70, 'a') + ".example", "a\\b.example"}) {
    CAPTURE(name);
    CHECK_FALSE(ask(server, name).ok());
  }
}
