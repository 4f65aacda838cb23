#include "web/server/connection.hpp"

#include <array>
#include <exception>

#include "web/server/http_head.hpp"

namespace remotemail::web {
namespace {

constexpr std::chrono::seconds kRequestTime{10};  // from its first octet to the last of the answer
constexpr std::chrono::seconds kIdleTime{5};      // between two requests of a connection
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
  try {
    serve();
  } catch (const std::exception& bug) {
    serving_.on_bug(bug.what());
  }
  try {
    socket().close();
  } catch (const Poco::Exception&) {  // gone already
  }
}

void Connection::serve() {
  WebWire wire(socket().impl()->sockfd(), serving_.context);
  using Clock = std::chrono::steady_clock;
  if (!wire.shake_hands(Clock::now() + kRequestTime, serving_.stop)) return;
  std::string ahead;  // read, but of the next request
  bool first = true;
  do {
    const bool there =
        !ahead.empty() ||
        wire.wait_readable(Clock::now() + (first ? kRequestTime : std::chrono::seconds(kIdleTime)),
                           serving_.stop, [&] { return !first && serving_.others_wait(); });
    if (!there) break;
    first = false;
  } while (serve_one(wire, ahead));
  wire.say_goodbye();
}

bool Connection::serve_one(WebWire& wire, std::string& ahead) {
  const WireTime until = std::chrono::steady_clock::now() + kRequestTime;
  std::string bytes = std::move(ahead);
  ahead.clear();
  std::array<char, 4096> piece{};
  const auto read_more = [&] {
    const std::size_t count = wire.read(piece, until, serving_.stop);
    bytes.append(piece.data(), count);
    return count > 0;
  };
  std::size_t searched = 0, end = 0;
  while ((end = bytes.find(kEndOfHead, searched)) == std::string::npos) {
    if (bytes.size() > kHeadLimit) {
      refuse(wire, too_large(bytes), until);
      return false;
    }
    searched = bytes.size() < kEndOfHead.size() ? 0 : bytes.size() - kEndOfHead.size() + 1;
    if (read_more()) continue;
    if (!bytes.empty() && std::chrono::steady_clock::now() >= until) {
      refuse(wire, 408, std::chrono::steady_clock::now() + std::chrono::seconds(1));
    }
    return false;
  }
  end += kEndOfHead.size();
  if (end > kHeadLimit) {
    refuse(wire, too_large(bytes), until);
    return false;
  }
  auto parsed = parse_head(std::string_view(bytes).substr(0, end));
  if (const auto* refusal = std::get_if<Refusal>(&parsed)) {
    refuse(wire, refusal->status, until);
    return false;
  }
  Head head = std::move(std::get<Head>(parsed));
  while (bytes.size() < end + head.body_length) {
    if (read_more()) continue;
    if (std::chrono::steady_clock::now() >= until)
      refuse(wire, 408, std::chrono::steady_clock::now() + std::chrono::seconds(1));
    return false;
  }
  if (head.body_length > 0) {
    auto form = parse_form(std::string_view(bytes).substr(end, head.body_length));
    if (!form) {
      refuse(wire, 400, until);
      return false;
    }
    head.request.form = std::move(*form);
  }
  ahead = bytes.substr(end + head.body_length);
  Request& request = head.request;
  request.peer = host_text(socket().peerAddress());
  request.secure = serving_.context != nullptr;
  request.loopback = is_loopback(request.peer) && is_loopback(host_text(socket().address()));
  Response response;
  try {
    response = serving_.answer(request);
  } catch (const std::exception& bug) {
    serving_.on_bug(bug.what());
    refuse(wire, 500, until);
    return false;
  }
  const bool keep_alive = head.keep_alive && !serving_.stop.stop_requested();
  std::string out = format_head(response, response.body.size(), keep_alive);
  if (request.method != Request::Method::head && response.status != 304) out += response.body;
  return wire.write(out, until, serving_.stop) && keep_alive;
}

void Connection::refuse(WebWire& wire, int status, WireTime until) {
  Response response;
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.headers = {{"X-Content-Type-Options", "nosniff"},
                      {"X-Frame-Options", "DENY"},
                      {"Cache-Control", "no-store"},
                      {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"}};
  response.body = std::string(words_of(status)) + "\n";
  wire.write(format_head(response, response.body.size(), false) + response.body, until, serving_.stop);
  // What is still under way is read and dropped for a moment: else the other side sees a reset instead of the answer.
  std::array<char, 4096> piece{};
  const WireTime enough = std::min(until, std::chrono::steady_clock::now() + std::chrono::milliseconds(500));
  socket().shutdownSend();
  for (int i = 0; i < 64 && wire.read(piece, enough, serving_.stop) > 0; ++i) {
  }
}

}  // namespace remotemail::web
