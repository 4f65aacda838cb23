#include <doctest/doctest.h>
#include <sys/socket.h>

#include <future>
#include <semaphore>

#include "protocol/stream/stream_bench.hpp"

using namespace remotemail;
using namespace remotemail::test;

namespace {
struct Fixture {
  OffsetClock clock;
  std::unique_ptr<Connector> connector = make_poco_connector(clock);
  std::unique_ptr<Stream> to(const TestServer& server) { return connected(*connector, server.port()); }
};
}  // namespace

TEST_CASE_FIXTURE(Fixture, "stream: what is written arrives, what is answered is read, the end is 0 [Y6]") {
  std::string heard;
  TestServer server([&](Peer& peer) {
    peer.send("+OK hello\r\n");
    heard = peer.receive();
    peer.send("+OK bye\r\n");
  });
  auto stream = to(server);
  REQUIRE(stream);
  CHECK(read_some(*stream) == "+OK hello\r\n");
  CHECK(stream->write("QUIT\r\n", soon()).ok());
  CHECK(read_to_end(*stream) == "+OK bye\r\n");
  CHECK_FALSE(stream->tls().active);
  server.finish();
  CHECK(heard == "QUIT\r\n");
}

TEST_CASE_FIXTURE(Fixture, "stream: a peer that has finished talking still hears us (half-close) [Y6]") {
  std::string heard;
  TestServer server([&](Peer& peer) {
    peer.send("221 bye\r\n");
    peer.close_writing();
    heard = peer.receive_to_end();
  });
  auto stream = to(server);
  REQUIRE(stream);
  CHECK(read_to_end(*stream) == "221 bye\r\n");
  CHECK(stream->write("QUIT\r\n", soon()).ok());
  stream.reset();
  server.finish();
  CHECK(heard == "QUIT\r\n");
}

TEST_CASE_FIXTURE(
    Fixture, "stream: a silent peer ends in timed_out, and reading can go on later [fault 13, fault 17]") {
  std::promise<void> go;
  TestServer server([&](Peer& peer) {
    go.get_future().wait();
    peer.send("late");
  });
  auto stream = to(server);
  REQUIRE(stream);
  std::array<char, 16> out{};
  CHECK(cause_of(stream->read(out, in(50ms))) == Cause::timed_out);
  go.set_value();
  CHECK(read_to_end(*stream) == "late");
}

TEST_CASE_FIXTURE(Fixture,
                  "stream: a peer that sends octet by octet does not outlast the deadline [fault 12]") {
  std::promise<void> enough;
  auto told = enough.get_future();
  TestServer server([&](Peer& peer) {
    while (told.wait_for(1ms) != std::future_status::ready && peer.send("x")) {
    }
  });
  auto stream = to(server);
  REQUIRE(stream);
  const Deadline deadline = in(200ms);
  std::array<char, 4> out{};
  auto count = stream->read(out, deadline);
  while (count) count = stream->read(out, deadline);
  CHECK(count.error().cause == Cause::timed_out);
  enough.set_value();
}

TEST_CASE_FIXTURE(Fixture,
                  "stream: a deadline that has passed reads nothing, though there is something [fault 12]") {
  TestServer server([](Peer& peer) {
    peer.send("there");
    peer.receive_to_end();
  });
  auto stream = to(server);
  REQUIRE(stream);
  std::array<char, 1> out{};
  CHECK(stream->read(out, soon()).ok());  // the rest is there as well
  CHECK(cause_of(stream->read(out, in(0ms))) == Cause::timed_out);
  CHECK(cause_of(stream->write("x", in(0ms))) == Cause::timed_out);
}

TEST_CASE_FIXTURE(Fixture, "stream: a stop request ends a wait for reading at once [fault 12]") {
  std::promise<void> go;
  TestServer server([&](Peer&) { go.get_future().wait(); });
  auto stream = to(server);
  REQUIRE(stream);
  std::stop_source stop;
  std::thread stopper([&] {
    std::this_thread::sleep_for(50ms);
    stop.request_stop();
  });
  std::array<char, 16> out{};
  CHECK(cause_of(stream->read(out, {SteadyTime::max(), stop.get_token()})) == Cause::stopped);
  CHECK(cause_of(stream->read(out, in(20s, stop.get_token()))) == Cause::stopped);
  // Another request's token is not affected by the former one.
  CHECK(cause_of(stream->read(out, in(50ms, std::stop_source().get_token()))) == Cause::timed_out);
  stopper.join();
  go.set_value();
}

TEST_CASE_FIXTURE(Fixture,
                  "stream: a large write to a peer that does not read ends in timed_out or stopped, and no "
                  "other follows [fault 14]") {
  std::promise<void> go;
  TestServer server([&](Peer&) { go.get_future().wait(); });
  auto stream = to(server);
  REQUIRE(stream);
  const std::string large(64 << 20, 'x');
  SUBCASE("deadline") {
    CHECK(cause_of(stream->write(large, in(200ms))) == Cause::timed_out);
  }
  SUBCASE("stop") {
    std::stop_source stop;
    std::thread stopper([&] {
      std::this_thread::sleep_for(50ms);
      stop.request_stop();
    });
    CHECK(cause_of(stream->write(large, {SteadyTime::max(), stop.get_token()})) == Cause::stopped);
    stopper.join();
  }
  CHECK(cause_of(stream->write("QUIT\r\n", soon())) == Cause::connection_lost);
  go.set_value();
}

TEST_CASE_FIXTURE(Fixture, "stream: a large write arrives whole at a peer that reads slowly [fault 14]") {
  std::string heard;
  TestServer server([&](Peer& peer) {
    std::this_thread::sleep_for(20ms);
    heard = peer.receive_to_end();
  });
  auto stream = to(server);
  REQUIRE(stream);
  std::string large;
  for (int i = 0; large.size() < (8U << 20U); ++i) large += std::to_string(i);
  CHECK(stream->write(large, soon()).ok());
  stream.reset();
  server.finish();
  CHECK((heard == large));
}

TEST_CASE_FIXTURE(Fixture,
                  "stream: writing to a peer that is gone is connection_lost and no SIGPIPE [fault 5]") {
  const DefaultSignal signal(SIGPIPE);
  SUBCASE("by RST") {
    // A reset that is quicker than the client's look at its new connection would be a failure of connect().
    std::binary_semaphore connected{0};
    TestServer server([&connected](Peer& peer) {
      connected.acquire();
      peer.reset();
    });
    auto stream = to(server);
    connected.release();
    REQUIRE(stream);
    std::array<char, 16> out{};
    CHECK(cause_of(stream->read(out, soon())) == Cause::connection_lost);
    CHECK(write_until_lost(*stream) == Cause::connection_lost);
  }
  SUBCASE("by FIN") {
    TestServer server([](Peer& peer) { peer.close(); });
    auto stream = to(server);
    REQUIRE(stream);
    server.finish();
    CHECK(write_until_lost(*stream) == Cause::connection_lost);
  }
}

TEST_CASE_FIXTURE(Fixture, "stream: the peer's last words can be read after a write that failed [fault 46]") {
  TestServer server([](Peer& peer) {
    peer.send("421 too busy\r\n");
    peer.close_writing();
    peer.receive_to_end();
  });
  auto stream = to(server);
  REQUIRE(stream);
  CHECK(cause_of(stream->write("EHLO", in(0ms))) == Cause::timed_out);
  CHECK(read_to_end(*stream) == "421 too busy\r\n");
}

TEST_CASE_FIXTURE(Fixture, "stream: a read into nothing is refused instead of being taken for the end [Y6]") {
  TestServer server([](Peer& peer) { peer.receive_to_end(); });
  auto stream = to(server);
  REQUIRE(stream);
  CHECK(cause_of(stream->read({}, soon())) == Cause::internal);
  CHECK_FALSE(stream->read({}, soon()).ok());
}
