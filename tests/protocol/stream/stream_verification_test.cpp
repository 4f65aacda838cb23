// Whom we talk to: certificates good and bad, pins, files of authorities; and that nothing leaves before that
// is known.
#include <doctest/doctest.h>

#include <future>

#include "protocol/stream/stream_bench.hpp"

using namespace remotemail;
using namespace remotemail::test;

namespace {

struct Fixture {
  OffsetClock clock;
  std::unique_ptr<Connector> connector = make_poco_connector(clock);
  Identity authority = make_identity({.common_name = "Test CA", .valid_to_days = 3000, .authority = true});
  TemporaryFile ca{authority.pem()};

  struct Meeting {
    Status status;
    std::string told;  // what the server was told under TLS
    std::string raw;   // all it was sent
    bool shaken = false;
    TlsInfo info;
  };

  // Meets a server with `identity`, and tries to tell it a password, come what may.
  Meeting meet(const Identity& identity, const TlsPolicy& policy, int newest = TLS1_3_VERSION, int oldest = 0,
               const char* ciphers = nullptr) {
    Meeting meeting;
    TestServer server([&](Peer& peer) {
      TlsPeer tls(peer, identity, newest, oldest, ciphers);
      meeting.shaken = tls.shake_hands();
      if (meeting.shaken) meeting.told = tls.read_to_end();
      peer.receive_to_end();
      meeting.raw = peer.received();
    });
    auto stream = connected(*connector, server.port());
    REQUIRE(stream);
    meeting.status = stream->start_tls(policy, soon());
    const Status written = stream->write("PASS topsecret\r\n", soon());
    CHECK(written.ok() == meeting.status.ok());
    meeting.info = stream->tls();
    CHECK(meeting.info.active == meeting.status.ok());
    stream.reset();
    server.finish();
    CHECK(meeting.told == (meeting.status ? "PASS topsecret\r\n" : ""));
    CHECK(meeting.raw.find("topsecret") == std::string::npos);
    return meeting;
  }
  TlsPolicy policy(const std::string& host) const { return {host, ca.path(), ""}; }
};

const std::string kHost = "mail.example.com";

}  // namespace

TEST_CASE_FIXTURE(Fixture, "verification: names, addresses and wildcards that fit are accepted [Y2]") {
  struct Row {
    std::string host;
    Wanted wanted;
  };
  const std::vector<Row> rows{{"mail.example.com", {.names = {"mail.example.com"}}},
                              {"MAIL.example.com", {.names = {"mail.EXAMPLE.com"}}},
                              {"mail.example.com.", {.names = {"mail.example.com"}}},
                              {"mail.example.com", {.names = {"other.example", "mail.example.com"}}},
                              {"mail.example.com", {.names = {"*.example.com"}}},
                              {"192.0.2.7", {.addresses = {"192.0.2.7"}}},
                              {"2001:db8::7", {.addresses = {"2001:db8::7"}}},
                              {"[2001:DB8:0::7]", {.addresses = {"2001:db8::7"}}}};
  for (const Row& row : rows) {
    CAPTURE(row.host);
    const Meeting meeting = meet(make_identity(row.wanted, &authority), policy(row.host));
    CHECK_MESSAGE(meeting.status.ok(), (meeting.status ? "" : describe(meeting.status.error())));
  }
}

TEST_CASE_FIXTURE(Fixture,
                  "verification: a certificate for another name is refused before a byte is said, and both "
                  "are named [Y2]") {
  struct Row {
    std::string host;
    Wanted wanted;
    std::string detail;
  };
  const std::string nul("mail.example.com\0.evil.example", 30);
  const std::vector<Row> rows{
      {kHost, {.names = {"evil.example"}}, "is for evil.example, not mail.example.com"},
      {kHost,
       {.common_name = kHost},
       "is for no host (its common name alone, mail.example.com, does not count), not " + kHost},
      {kHost, {.common_name = kHost, .names = {"evil.example"}}, "is for evil.example, not mail.example.com"},
      {kHost, {.names = {nul}}, "is for mail.example.com?.evil.example, not mail.example.com"},
      {kHost, {.names = {"*.com"}}, "is for *.com, not mail.example.com"},
      {kHost, {.names = {"*"}}, "is for *, not mail.example.com"},
      {kHost, {.names = {"m*.example.com"}}, "is for m*.example.com, not mail.example.com"},
      {"a.b.example.com", {.names = {"*.example.com"}}, "is for *.example.com, not a.b.example.com"},
      {"example.com", {.names = {"*.example.com"}}, "is for *.example.com, not example.com"},
      {"192.0.2.7", {.names = {"192.0.2.7"}}, "is for 192.0.2.7, not 192.0.2.7"},
      {"192.0.2.7",
       {.common_name = "192.0.2.7", .addresses = {"192.0.2.8"}},
       "is for 192.0.2.8, not 192.0.2.7"},
      {"2001:db8::7", {.addresses = {"2001:db8::8"}}, "is for 2001:db8::8, not 2001:db8::7"},
      {kHost,
       {.names = {"a.example", "b.example", "c.example", "d.example", "e.example", "f.example"}},
       "is for a.example, b.example, c.example, d.example and 2 more, not mail.example.com"}};
  for (const Row& row : rows) {
    CAPTURE(row.detail);
    const Meeting meeting = meet(make_identity(row.wanted, &authority), policy(row.host));
    REQUIRE(cause_of(meeting.status) == Cause::certificate_name_mismatch);
    CHECK(meeting.status.error().detail == row.detail);
    CHECK(meeting.status.error().step == Step::tls);
  }
}

TEST_CASE_FIXTURE(Fixture,
                  "verification: an expired certificate is refused and the day is named [Y2, fault 19]") {
  const Meeting meeting =
      meet(make_identity({.names = {kHost}, .valid_from_days = -30, .valid_to_days = -2}, &authority),
           policy(kHost));
  REQUIRE(cause_of(meeting.status) == Cause::certificate_expired);
  CHECK(meeting.status.error().detail == "expired on " + meeting.info.not_after.substr(0, 10));
  CHECK(meeting.info.not_after.size() > 10);
}

TEST_CASE_FIXTURE(Fixture,
                  "verification: an expired authority is told from an expired server [Y2, fault 19]") {
  const Identity old = make_identity(
      {.common_name = "Old CA", .valid_from_days = -30, .valid_to_days = -2, .authority = true});
  const TemporaryFile old_ca(old.pem());
  const Meeting meeting = meet(make_identity({.names = {kHost}}, &old), {kHost, old_ca.path(), ""});
  REQUIRE(cause_of(meeting.status) == Cause::certificate_expired);
  CHECK(meeting.status.error().detail.starts_with("its issuer CN=Old CA expired on "));
}

TEST_CASE_FIXTURE(
    Fixture,
    "verification: a clock that is not set is named when a certificate is from the future [fault 20]") {
  const Identity good = make_identity({.names = {kHost}}, &authority);
  OffsetClock unset(std::chrono::days(-2000));
  connector = make_poco_connector(unset);
  const Meeting meeting = meet(good, policy(kHost));
  REQUIRE(cause_of(meeting.status) == Cause::certificate_not_yet_valid);
  CHECK(meeting.status.error().detail.find("this machine's clock says 20") != std::string::npos);
  CHECK(describe(meeting.status.error()).find("clock") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "verification: who is not vouched for by a trusted authority is refused [Y2]") {
  const Identity self_signed = make_identity({.common_name = "self", .names = {kHost}});
  CHECK(cause_of(meet(self_signed, policy(kHost)).status) == Cause::certificate_untrusted);

  const Identity stranger = make_identity({.common_name = "Test CA", .authority = true});  // of the same name
  CHECK(cause_of(meet(make_identity({.names = {kHost}}, &stranger), policy(kHost)).status) ==
        Cause::certificate_untrusted);

  // A server's certificate cannot vouch for another one.
  const Identity server = make_identity({.common_name = "server", .names = {"evil.example"}}, &authority);
  CHECK(cause_of(meet(make_identity({.names = {kHost}}, &server), policy(kHost)).status) ==
        Cause::certificate_untrusted);

  // The system's authorities do not know ours.
  const Meeting meeting = meet(make_identity({.names = {kHost}}, &authority), {kHost, "", ""});
  REQUIRE(cause_of(meeting.status) == Cause::certificate_untrusted);
  CHECK(meeting.status.error().detail.find("Test CA") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "verification: the system's authorities are used when no file is set [Y2]") {
  {
    const EnvironmentVariable file("SSL_CERT_FILE", ca.path());
    CHECK(meet(make_identity({.names = {kHost}}, &authority), {kHost, "", ""}).status.ok());
  }
  // And the former answer is not remembered when they change.
  CHECK_FALSE(meet(make_identity({.names = {kHost}}, &authority), {kHost, "", ""}).status.ok());
}

TEST_CASE_FIXTURE(Fixture,
                  "verification: a file of authorities may hold the server's own certificate, and is read "
                  "anew when replaced [Y2]") {
  const Identity first = make_identity({.common_name = "first", .names = {kHost}});
  const Identity second = make_identity({.common_name = "second", .names = {kHost}}, &authority);
  const TemporaryFile file(first.pem());
  const TlsPolicy own{kHost, file.path(), ""};
  CHECK(meet(first, own).status.ok());
  CHECK_FALSE(meet(second, own).status.ok());
  file.replace(second.pem());
  CHECK(meet(second, own).status.ok());
  CHECK_FALSE(meet(first, own).status.ok());
}

TEST_CASE_FIXTURE(
    Fixture,
    "verification: a file of authorities that cannot be used is an error, not the system's instead [Y2]") {
  const Identity good = make_identity({.names = {kHost}}, &authority);
  const TemporaryFile empty("");
  const TemporaryFile garbage("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  for (const std::string& path :
       {empty.path(), garbage.path(), std::string("/no/such/file.pem"), std::string("/tmp")}) {
    CAPTURE(path);
    const Meeting meeting = meet(good, {kHost, path, ""});
    REQUIRE(cause_of(meeting.status) == Cause::ca_file_unreadable);
    CHECK(meeting.status.error().detail.starts_with(path + ": "));
    CHECK(meeting.raw.empty());
  }
}

TEST_CASE_FIXTURE(Fixture,
                  "verification: a pin accepts its key whatever else is wrong with the certificate [Y2]") {
  const Identity odd = make_identity(
      {.common_name = "odd", .names = {"other.example"}, .valid_from_days = -30, .valid_to_days = -2});
  CHECK(meet(odd, {kHost, "", odd.pin()}).status.ok());
  std::string upper_case = odd.pin();
  for (char& c : upper_case) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  CHECK(meet(odd, {kHost, "/no/such/file.pem", upper_case}).status.ok());
  CHECK(meet(odd, {"", "", odd.pin()}, TLS1_2_VERSION).status.ok());
}

TEST_CASE_FIXTURE(Fixture,
                  "verification: another key than the pinned one is refused, however good its certificate, "
                  "and its pin is told [Y2]") {
  const Identity good = make_identity({.names = {kHost}}, &authority);
  const Identity other = make_identity({.names = {kHost}}, &authority);
  for (const int newest : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const Meeting meeting = meet(good, {kHost, ca.path(), other.pin()}, newest);
    REQUIRE(cause_of(meeting.status) == Cause::pin_mismatch);
    CHECK(meeting.status.error().detail == "its key is " + good.pin());
    CHECK(meeting.info.pin == good.pin());
  }
}

TEST_CASE_FIXTURE(
    Fixture, "verification: without a host and without a pin, or with half a pin, there is no TLS [Y2]") {
  const Identity good = make_identity({.names = {kHost}}, &authority);
  for (const TlsPolicy& bad :
       {TlsPolicy{"", ca.path(), ""}, TlsPolicy{"[]", ca.path(), ""},
        TlsPolicy{"mail example.com", ca.path(), ""},
        TlsPolicy{std::string("mail.example.com\0.x", 19), ca.path(), ""},
        TlsPolicy{kHost, "", good.pin().substr(1)}, TlsPolicy{kHost, "", std::string(64, 'g')}}) {
    CAPTURE(bad.host);
    const Meeting meeting = meet(good, bad);
    CHECK_FALSE(meeting.status.ok());
    CHECK(meeting.raw.empty() == (bad.host != "[]"));
  }
}

TEST_CASE_FIXTURE(
    Fixture, "verification: TLS 1.2 is the oldest that is spoken, with forward secrecy and AEAD only [Y2]") {
  const Identity good = make_identity({.names = {kHost}}, &authority);
  CHECK(meet(good, policy(kHost), TLS1_2_VERSION).status.ok());
  CHECK(cause_of(meet(good, policy(kHost), TLS1_1_VERSION, TLS1_VERSION, "DEFAULT:@SECLEVEL=0").status) ==
        Cause::tls_failed);
  CHECK(cause_of(meet(good, policy(kHost), TLS1_2_VERSION, 0, "ECDHE-ECDSA-AES128-SHA256").status) ==
        Cause::tls_failed);
  // With a pin no less.
  CHECK(cause_of(meet(good, {kHost, "", good.pin()}, TLS1_1_VERSION, TLS1_VERSION, "DEFAULT:@SECLEVEL=0")
                     .status) == Cause::tls_failed);
}

TEST_CASE_FIXTURE(Fixture,
                  "verification: a handshake that comes too late gets no byte, be its certificate of a "
                  "trusted authority [Y2, fault 17]") {
  const Identity evil = make_identity({.common_name = "evil", .names = {"evil.other.example"}}, &authority);
  const Identity good = make_identity({.common_name = "good", .names = {kHost}}, &authority);
  bool starttls = false;
  const Identity* identity = &evil;
  SUBCASE("implicit TLS, another's certificate") {}
  SUBCASE("STARTTLS, another's certificate") {
    starttls = true;
  }
  SUBCASE("the right certificate, too late all the same") {
    identity = &good;
  }
  for (const int newest : {TLS1_3_VERSION, TLS1_2_VERSION}) {
    CAPTURE(newest);
    std::promise<void> given_up;
    std::promise<void> answered;
    std::string told;
    std::string raw;
    bool shaken = true;
    TestServer server([&](Peer& peer) {
      if (starttls) {
        peer.send("220 go\r\n");
      }
      given_up.get_future().wait();
      // The whole answer is there before the client tries to speak.
      TlsPeer tls(peer, *identity, newest);
      std::thread answering([&] {
        shaken = tls.shake_hands();
        if (shaken) told = tls.read_to_end();
      });
      std::this_thread::sleep_for(50ms);
      answered.set_value();
      answering.join();
      peer.receive_to_end();
      raw = peer.received();
    });
    auto stream = connected(*connector, server.port());
    REQUIRE(stream);
    if (starttls) CHECK(read_some(*stream) == "220 go\r\n");
    const Status status = stream->start_tls(policy(kHost), in(150ms));
    CHECK(cause_of(status) == Cause::timed_out);
    CHECK(status.error().step == Step::tls);
    given_up.set_value();
    answered.get_future().wait();
    for (int i = 0; i < 3; ++i) {
      CHECK(cause_of(stream->write("PASS topsecret\r\n", soon())) == Cause::connection_lost);
      std::array<char, 64> out{};
      CHECK(cause_of(stream->read(out, soon())) == Cause::connection_lost);
    }
    CHECK_FALSE(stream->start_tls(policy(kHost), soon()).ok());
    CHECK_FALSE(stream->tls().active);
    stream.reset();
    server.finish();
    CHECK_FALSE(shaken);
    CHECK(told.empty());
    CHECK(raw.find("PASS") == std::string::npos);
  }
}

TEST_CASE_FIXTURE(
    Fixture,
    "verification: a slow handshake is checked like a fast one, and ends at the deadline [Y2, fault 17]") {
  const Identity evil = make_identity({.common_name = "evil", .names = {"evil.other.example"}}, &authority);
  const Identity good = make_identity({.common_name = "good", .names = {kHost}}, &authority);
  const auto meet_slowly = [&](const Identity& identity, const Deadline& deadline, bool endless) {
    std::promise<void> over;
    std::string told;
    TestServer server([&](Peer& peer) {
      TlsPeer tls(peer, identity);
      if (tls.shake_hands(1)) told = tls.read_to_end();
      if (endless) over.get_future().wait();
    });
    auto stream = connected(*connector, server.port());
    REQUIRE(stream);
    const Status status = stream->start_tls(policy(kHost), deadline);
    CHECK(stream->write("PASS topsecret\r\n", soon()).ok() == status.ok());
    over.set_value();
    stream.reset();
    server.finish();
    CHECK(told == (status ? "PASS topsecret\r\n" : ""));
    return cause_of(status);
  };
  CHECK(meet_slowly(good, soon(), false) == Cause::internal);  // that is: no error
  CHECK(meet_slowly(evil, soon(), false) == Cause::certificate_name_mismatch);
  CHECK(meet_slowly(evil, in(0ms), false) == Cause::timed_out);
}

TEST_CASE_FIXTURE(Fixture,
                  "verification: a server that falls silent in the handshake ends at the deadline or the "
                  "stop request [fault 17]") {
  std::promise<void> go;
  TestServer server([&](Peer& peer) {
    peer.receive();
    peer.send(std::string("\x16\x03\x03\x00\x7a\x02", 6));  // begins a ServerHello
    go.get_future().wait();
  });
  auto stream = connected(*connector, server.port());
  REQUIRE(stream);
  SUBCASE("deadline") {
    CHECK(cause_of(stream->start_tls(policy(kHost), in(100ms))) == Cause::timed_out);
  }
  SUBCASE("stop") {
    std::stop_source stop;
    std::thread stopper([&] {
      std::this_thread::sleep_for(50ms);
      stop.request_stop();
    });
    CHECK(cause_of(stream->start_tls(policy(kHost), in(20s, stop.get_token()))) == Cause::stopped);
    stopper.join();
  }
  go.set_value();
}

TEST_CASE_FIXTURE(Fixture,
                  "verification: a server that hangs up in the handshake is connection_lost [fault 5]") {
  TestServer server([](Peer& peer) { peer.receive(); });
  auto stream = connected(*connector, server.port());
  REQUIRE(stream);
  const Status status = stream->start_tls(policy(kHost), soon());
  CHECK(cause_of(status) == Cause::connection_lost);
  CHECK(status.error().step == Step::tls);
}
