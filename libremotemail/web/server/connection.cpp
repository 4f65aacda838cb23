#include "web/server/connection.hpp"

#include <sys/socket.h>

#include <array>
#include <exception>

#include "web/server/http_head.hpp"

namespace remotemail::web {
namespace {

constexpr std::chrono::seconds kRequestTime{10};  // handshake, header, body and answer together
constexpr std::chrono::seconds kIdleTime{5};      // between two requests of a connection
// While others wait for a thread: what an honest request on a bad line needs, and a little for the next to arrive.
constexpr std::chrono::seconds kRequestTimeOthersWait{3};
constexpr std::chrono::milliseconds kIdleTimeOthersWait{0};
constexpr std::chrono::seconds kRefusalTime{1};  // for the words to one whose time is over
constexpr int kMostRequests = 100;               // of a connection
constexpr std::string_view kEndOfHead = "\r\n\r\n";

std::string host_text(const Poco::Net::SocketAddress& address) {
  std::string text = address.host().toString();
  if (text.starts_with("::ffff:")) text.erase(0, 7);  // an IPv4 client of a listener for both
  return text.substr(0, text.find('%'));
}

bool is_loopback(const std::string& address) {
  return address.starts_with("127.") || address == "::1";
}

// What of a head beyond its limit is too large: its request line, or its fields.
int too_large(std::string_view head) {
  return head.find("\r\n") > kTargetLimit ? 414 : 431;
}

std::string_view words_of(int status) {
  switch (status) {
    case 408:
      return "The request did not come in time.";
    case 411:
      return "A form needs its length.";
    case 413:
      return "The form is larger than 64 KiB.";
    case 414:
      return "The address is longer than 2 KiB.";
    case 415:
      return "A form must be application/x-www-form-urlencoded.";
    case 431:
      return "The header is larger than 8 KiB or has more than 64 fields.";
    case 500:
      return "Something went wrong here; the log says what.";
    case 501:
      return "Only GET, HEAD and POST with a length are understood.";
    default:
      return "The request was not understood.";
  }
}

}  // namespace

void Connection::run() {
  // Also when there is no memory left for the words about it: else the address would have a connection less for good.
  struct Leave {
    Connection& self;
    ~Leave() {
      self.serving_.leave(self.socket());
      try {
        self.socket().close();
      } catch (const Poco::Exception&) {  // gone already
      }
    }
  };
  const Leave leave{*this};
  try {
    if (know_addresses()) serve();
  } catch (const std::exception& bug) {
    serving_.on_bug(bug.what());
  }
}

bool Connection::know_addresses() {
  try {
    peer_ = host_text(socket().peerAddress());
    reached_at_ = host_text(socket().address());
    return true;
  } catch (const Poco::Exception&) {
    // Nobody's bug; and a line of the log each time would be anybody's to write.
    return false;
  }
}

Patience Connection::patience_of(std::chrono::milliseconds longest,
                                 std::chrono::milliseconds longest_others_wait) const {
  const WireTime now = std::chrono::steady_clock::now();
  return {now + longest, now + longest_others_wait, serving_.stop, serving_.others_wait};
}

void Connection::serve() {
  WebWire wire(socket().impl()->sockfd(), serving_.context);
  std::string ahead;
  {
    const Patience first = patience_of(kRequestTime, kRequestTimeOthersWait);
    if (!wire.shake_hands(first) || !serve_one(wire, ahead, first)) return wire.say_goodbye();
  }
  for (bool goes_on = true; goes_on;) {
    if (ahead.empty()) {
      serving_.set_idle(socket(), true);
      const bool there = wire.wait_readable(patience_of(kIdleTime, kIdleTimeOthersWait));
      serving_.set_idle(socket(), false);
      if (!there) break;
    }
    goes_on = serve_one(wire, ahead, patience_of(kRequestTime, kRequestTimeOthersWait));
  }
  wire.say_goodbye();
}

bool Connection::serve_one(WebWire& wire, std::string& ahead, const Patience& patience) {
  std::string bytes = std::move(ahead);
  ahead.clear();
  std::array<char, 4096> piece{};
  const auto read_more = [&] {
    const std::size_t count = wire.read(piece, patience);
    bytes.append(piece.data(), count);
    return count > 0;
  };
  const auto say_no = [&](int status) {
    refuse(wire, status, !bytes.starts_with("HEAD "), patience);
    return false;
  };
  // Nothing to say to one who left.
  const auto too_slow = [&] {
    if (bytes.empty() || serving_.stop.stop_requested() || !patience.over()) return false;
    refuse(wire, 408, !bytes.starts_with("HEAD "), patience_of(kRefusalTime, kRefusalTime));
    return false;
  };
  std::size_t searched = 0, end = 0;
  while ((end = bytes.find(kEndOfHead, searched)) == std::string::npos) {
    if (bytes.size() > kHeadLimit) return say_no(too_large(bytes));
    searched = bytes.size() < kEndOfHead.size() ? 0 : bytes.size() - kEndOfHead.size() + 1;
    if (!read_more()) return too_slow();
  }
  end += kEndOfHead.size();
  if (end > kHeadLimit) return say_no(too_large(bytes));
  auto parsed = parse_head(std::string_view(bytes).substr(0, end));
  if (const auto* refusal = std::get_if<Refusal>(&parsed)) return say_no(refusal->status);
  Head head = std::move(std::get<Head>(parsed));
  while (bytes.size() < end + head.body_length) {
    if (!read_more()) return too_slow();
  }
  if (head.body_length > 0) {
    auto form = parse_form(std::string_view(bytes).substr(end, head.body_length));
    if (!form) return say_no(400);
    head.request.form = std::move(*form);
  }
  ahead = bytes.substr(end + head.body_length);
  Request& request = head.request;
  request.peer = peer_;
  request.secure = serving_.context != nullptr;
  request.reached_at = reached_at_;
  request.loopback = is_loopback(request.peer) && is_loopback(request.reached_at);
  Response response;
  try {
    response = serving_.answer(request);
  } catch (const std::exception& bug) {
    serving_.on_bug(bug.what());
    return say_no(500);
  }
  const bool keep_alive = head.keep_alive && !serving_.stop.stop_requested() && ++served_ < kMostRequests &&
                          !serving_.others_wait();
  std::string out = format_head(response, response.body.size(), keep_alive);
  if (request.method != Request::Method::head && response.status != 304) out += response.body;
  return wire.write(out, patience) && keep_alive;
}

void Connection::refuse(WebWire& wire, int status, bool with_body, const Patience& patience) {
  Response response;
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.headers = {{"X-Content-Type-Options", "nosniff"},
                      {"X-Frame-Options", "DENY"},
                      {"Cache-Control", "no-store"},
                      {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"}};
  response.body = std::string(words_of(status)) + "\n";
  std::string out = format_head(response, response.body.size(), false);
  if (with_body) out += response.body;
  wire.write(out, patience);
  // What is still under way is read and dropped for a moment: else the other side sees a reset instead of the answer.
  std::array<char, 4096> piece{};
  const Patience enough = patience_of(std::chrono::milliseconds(500), std::chrono::milliseconds(500));
  wire.say_goodbye();
  ::shutdown(socket().impl()->sockfd(), SHUT_WR);
  for (int i = 0; i < 64 && wire.read(piece, enough) > 0; ++i) {
  }
}

}  // namespace remotemail::web
