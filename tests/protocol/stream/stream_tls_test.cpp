// What a good connection under TLS does, and how it ends.
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
  Identity good = make_identity({.common_name = "good", .names = {"mail.example.com"}}, &authority);
  TemporaryFile ca{authority.pem()};
  TlsPolicy policy{"mail.example.com", ca.path(), ""};

  // Implicit TLS to a server that runs `script` once the handshake is done.
  std::unique_ptr<Stream> secured(const TestServer& server) {
    auto stream = connected(*connector, server.port());
    if (!stream) return nullptr;
    const Status status = stream->start_tls(policy, soon());
    CHECK_MESSAGE(status.ok(), (status ? std::string() : describe(status.error())));
    return status ? std::move(stream) : nullptr;
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "TLS: both directions, the name in SNI, the facts for `check` [Y2]") {
  std::string heard;
  std::string sni;
  TestServer server([&](Peer& peer) {
    TlsPeer tls(peer, good);
    if (!tls.shake_hands()) return;
    sni = tls.server_name();
    tls.write("+OK hello\r\n");
    heard = tls.read();
    tls.write("+OK bye\r\n");
    tls.close_notify();
  });
  auto stream = secured(server);
  REQUIRE(stream);
  CHECK(read_some(*stream) == "+OK hello\r\n");
  CHECK(stream->write("PASS secret\r\n", soon()).ok());
  CHECK(read_to_end(*stream) == "+OK bye\r\n");
  const TlsInfo info = stream->tls();
  CHECK(info.active);
  CHECK(info.version == "TLSv1.3");
  CHECK(info.cipher.starts_with("TLS_"));
  CHECK(info.subject == "CN=good");
  CHECK(info.issuer == "CN=Test CA");
  CHECK(info.not_after.ends_with(" UTC"));
  CHECK(info.not_after.size() == std::string_view("2027-01-31 12:00:00 UTC").size());
  CHECK(info.pin == good.pin());
  server.finish();
  CHECK(heard == "PASS secret\r\n");
  CHECK(sni == "mail.example.com");
}

TEST_CASE_FIXTURE(Fixture, "TLS: STARTTLS after a dialogue in clear, nothing of it is left over [Y2]") {
  std::string clear;
  std::string heard;
  TestServer server([&](Peer& peer) {
    peer.send("220 hello\r\n");
    clear = peer.receive();
    peer.send("220 go\r\n");
    TlsPeer tls(peer, good);
    if (tls.shake_hands()) heard = tls.read_to_end();
  });
  auto stream = connected(*connector, server.port());
  REQUIRE(stream);
  CHECK(read_some(*stream) == "220 hello\r\n");
  CHECK(stream->write("STARTTLS\r\n", soon()).ok());
  CHECK(read_some(*stream) == "220 go\r\n");
  CHECK_FALSE(stream->tls().active);
  REQUIRE(stream->start_tls(policy, soon()).ok());
  CHECK(stream->tls().active);
  CHECK(stream->write("EHLO\r\n", soon()).ok());
  CHECK(cause_of(stream->start_tls(policy, soon())) == Cause::internal);  // once only
  CHECK(stream->write("QUIT\r\n", soon()).ok());
  stream.reset();
  server.finish();
  CHECK(clear == "STARTTLS\r\n");
  CHECK(heard == "EHLO\r\nQUIT\r\n");
}

TEST_CASE_FIXTURE(Fixture,
                  "TLS: text in clear behind the go-ahead is not taken for an answer [Y2, fault 37]") {
  TestServer server([&](Peer& peer) {
    peer.send("220 go\r\n");
    peer.receive();  // ClientHello
    peer.send("250 injected\r\n");
    peer.receive_to_end();
  });
  auto stream = connected(*connector, server.port());
  REQUIRE(stream);
  CHECK(read_some(*stream) == "220 go\r\n");
  const Status status = stream->start_tls(policy, soon());
  CHECK(cause_of(status) == Cause::tls_failed);
  CHECK(status.error().detail.find("not TLS") != std::string::npos);
  CHECK(cause_of(stream->write("PASS secret\r\n", soon())) == Cause::connection_lost);
}

TEST_CASE_FIXTURE(Fixture,
                  "TLS: the end counts with close_notify only, a cut line is connection_lost [fault 18]") {
  int newest = TLS1_3_VERSION;
  SUBCASE("TLS 1.3") {}
  SUBCASE("TLS 1.2") {
    newest = TLS1_2_VERSION;
  }
  for (const std::string end : {"close_notify", "FIN", "RST"}) {
    CAPTURE(end);
    TestServer server([&](Peer& peer) {
      TlsPeer tls(peer, good, newest);
      if (!tls.shake_hands()) return;
      tls.write("half a mail");
      if (end == "close_notify") tls.close_notify();
      tls.read();
      if (end == "RST") peer.reset();
    });
    auto stream = secured(server);
    REQUIRE(stream);
    CHECK(stream->tls().version == (newest == TLS1_3_VERSION ? "TLSv1.3" : "TLSv1.2"));
    CHECK(stream->write("x", soon()).ok());
    Error error;
    CHECK(read_to_end(*stream, &error) == "half a mail");
    CHECK((error.cause == Cause::connection_lost) == (end != "close_notify"));
  }
}

TEST_CASE_FIXTURE(Fixture, "TLS: after the peer's close_notify we are still heard [Y6]") {
  std::string heard;
  TestServer server([&](Peer& peer) {
    TlsPeer tls(peer, good);
    if (!tls.shake_hands()) return;
    tls.close_notify();
    heard = tls.read_to_end();
  });
  auto stream = secured(server);
  REQUIRE(stream);
  CHECK(read_to_end(*stream).empty());
  CHECK(stream->write("QUIT\r\n", soon()).ok());
  stream.reset();
  server.finish();
  CHECK(heard == "QUIT\r\n");
}

TEST_CASE_FIXTURE(Fixture, "TLS: large texts go whole in both directions [fault 14]") {
  std::string large;
  for (int i = 0; large.size() < (2U << 20U); ++i) large += std::to_string(i);
  std::string heard;
  TestServer server([&](Peer& peer) {
    TlsPeer tls(peer, good);
    if (!tls.shake_hands()) return;
    while (heard.size() < large.size()) {
      const std::string piece = tls.read();
      if (piece.empty()) return;
      heard += piece;
    }
    tls.write(heard);
    tls.close_notify();
  });
  auto stream = secured(server);
  REQUIRE(stream);
  CHECK(stream->write(large, soon()).ok());
  CHECK((read_to_end(*stream) == large));
  server.finish();
  CHECK((heard == large));
}

TEST_CASE_FIXTURE(
    Fixture,
    "TLS: deadline and stop request end reading and writing, after a write no other follows [fault 12]") {
  std::promise<void> go;
  TestServer server([&](Peer& peer) {
    TlsPeer tls(peer, good);
    tls.shake_hands();
    go.get_future().wait();
  });
  auto stream = secured(server);
  REQUIRE(stream);
  std::array<char, 16> out{};
  CHECK(cause_of(stream->read(out, in(50ms))) == Cause::timed_out);
  std::stop_source stop;
  std::thread stopper([&] {
    std::this_thread::sleep_for(50ms);
    stop.request_stop();
  });
  CHECK(cause_of(stream->read(out, {SteadyTime::max(), stop.get_token()})) == Cause::stopped);
  stopper.join();
  CHECK(cause_of(stream->write(std::string(64 << 20, 'x'), in(200ms))) == Cause::timed_out);
  CHECK(cause_of(stream->write("QUIT\r\n", soon())) == Cause::connection_lost);
  go.set_value();
}

TEST_CASE_FIXTURE(Fixture,
                  "TLS: a peer that drips octets of one record does not outlast the deadline [fault 12]") {
  std::promise<void> enough;
  auto told = enough.get_future();
  TestServer server([&](Peer& peer) {
    TlsPeer tls(peer, good);
    if (!tls.shake_hands()) return;
    peer.send(std::string("\x17\x03\x03\x40\x00", 5));  // a record of 16 KiB is to come
    while (told.wait_for(1ms) != std::future_status::ready && peer.send("x")) {
    }
  });
  auto stream = secured(server);
  REQUIRE(stream);
  std::array<char, 16> out{};
  CHECK(cause_of(stream->read(out, in(200ms))) == Cause::timed_out);
  enough.set_value();
}

TEST_CASE_FIXTURE(
    Fixture, "TLS: garbage instead of a record is connection_lost, and the stream is of no use then [Y6]") {
  TestServer server([&](Peer& peer) {
    TlsPeer tls(peer, good);
    if (tls.shake_hands()) peer.send("+OK in clear, in the middle of TLS\r\n");
    peer.receive_to_end();
  });
  auto stream = secured(server);
  REQUIRE(stream);
  std::array<char, 64> out{};
  CHECK(cause_of(stream->read(out, soon())) == Cause::connection_lost);
  CHECK(cause_of(stream->write("PASS secret\r\n", soon())) == Cause::connection_lost);
  CHECK_FALSE(stream->tls().active);
}

TEST_CASE_FIXTURE(Fixture,
                  "TLS: writing to a peer that is gone is connection_lost and no SIGPIPE [fault 5]") {
  const DefaultSignal signal(SIGPIPE);
  bool by_reset = false;
  SUBCASE("by RST") {
    by_reset = true;
  }
  SUBCASE("by FIN") {}
  TestServer server([&](Peer& peer) {
    TlsPeer tls(peer, good);
    tls.shake_hands();
    by_reset ? peer.reset() : peer.close();
  });
  auto stream = secured(server);
  REQUIRE(stream);
  server.finish();
  CHECK(write_until_lost(*stream) == Cause::connection_lost);
}

TEST_CASE_FIXTURE(Fixture, "TLS: a stream outlives its connector, and many connect at a time [Y2]") {
  std::vector<std::thread> threads;
  std::atomic<int> heard = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 3; ++k) {
        TestServer server([&](Peer& peer) {
          TlsPeer tls(peer, good);
          if (tls.shake_hands() && tls.write("hello")) tls.close_notify();
        });
        auto stream = connected(*connector, server.port());
        if (stream && stream->start_tls(policy, soon()) && read_to_end(*stream) == "hello") ++heard;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(heard == 12);

  TestServer server([&](Peer& peer) {
    TlsPeer tls(peer, good);
    if (tls.shake_hands() && tls.write("hello")) tls.close_notify();
  });
  auto stream = secured(server);
  REQUIRE(stream);
  connector.reset();
  CHECK(read_to_end(*stream) == "hello");
}
