#include "web/server/http_head.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "core/text.hpp"

namespace remotemail::web {
namespace {

bool is_token(std::string_view text) {
  static constexpr std::string_view kMore = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_alpha(c) || is_digit(c) || kMore.find(c) != std::string_view::npos;
  });
}

// The path of an origin-form target, decoded; none for one with a broken escape or a control character in it.
std::optional<std::string> decoded_path(std::string_view path) {
  std::string out;
  for (std::size_t i = 0; i < path.size(); ++i) {
    char c = path[i];
    if (c == '%') {
      const auto octet = from_hex(path.substr(i + 1, 2));
      if (!octet || octet->size() != 1) return std::nullopt;
      c = octet->front();
      i += 2;
    }
    if (static_cast<std::uint8_t>(c) < 0x21 || c == 0x7F) return std::nullopt;
    out += c;
  }
  return out;
}

struct Parser {
  Head head;
  bool has_host = false, has_length = false, is_form = false, http_1_0 = false, close = false;
  std::size_t fields = 0;

  // 0: good.
  int request_line(std::string_view line) {
    const std::size_t first = line.find(' '), last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) return 400;
    const std::string_view method = line.substr(0, first), version = line.substr(last + 1);
    const std::string_view target = line.substr(first + 1, last - first - 1);
    if (!is_token(method)) return 400;
    if (version == "HTTP/1.0")
      http_1_0 = true;
    else if (version != "HTTP/1.1")
      return version.starts_with("HTTP/") ? 505 : 400;
    if (method == "GET")
      head.request.method = Request::Method::get;
    else if (method == "HEAD")
      head.request.method = Request::Method::head;
    else if (method == "POST")
      head.request.method = Request::Method::post;
    else
      return 501;
    if (target.size() > kTargetLimit) return 414;
    // A blank in the query too: where the target ends would be a matter of opinion.
    const bool clean = std::all_of(target.begin(), target.end(),
                                   [](char c) { return is_printable(c) && c != ' ' && c != '#'; });
    if (!target.starts_with('/') || !clean) return 400;
    const std::size_t question = target.find('?');
    auto path = decoded_path(target.substr(0, question));
    if (!path) return 400;
    head.request.path = std::move(*path);
    if (question == std::string_view::npos) return 0;
    auto query = parse_form(target.substr(question + 1));
    if (!query) return 400;
    head.request.query = std::move(*query);
    return 0;
  }

  int field(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
      return 400;  // a folded line begins with a blank
    if (++fields > kMostHeadFields) return 431;
    const std::string name = lower(line.substr(0, colon));
    const std::string_view value = trim(line.substr(colon + 1));
    Request& request = head.request;
    if (name == "host") {
      if (has_host) return 400;
      has_host = true;
      request.host = value;
    } else if (name == "content-length") {
      const auto length = parse_number<std::uint64_t>(value);
      if (has_length || !length) return 400;
      has_length = true;
      if (*length > kBodyLimit) return 413;
      head.body_length = static_cast<std::size_t>(*length);
    } else if (name == "transfer-encoding") {
      return 501;
    } else if (name == "expect") {
      return 417;
    } else if (name == "content-type") {
      is_form =
          equal_ignoring_case(trim(value.substr(0, value.find(';'))), "application/x-www-form-urlencoded");
    } else if (name == "connection") {
      close = close || lower(value).find("close") != std::string::npos;
    } else if (name == "cookie") {
      for (auto& [key, cookie] : parse_cookies(value)) request.cookies.emplace(key, cookie);
    } else if (name == "origin") {
      request.origin = value;
    } else if (name == "sec-fetch-site") {
      request.fetch_site = value;
    } else if (name == "if-none-match") {
      request.if_none_match = value;
    } else if (name == "forwarded" || name == "via" || name == "x-real-ip" ||
               name.starts_with("x-forwarded-")) {
      request.forwarded = true;
    }
    return 0;
  }

  int end() const {
    if (!has_host && !http_1_0) return 400;
    const bool posts = head.request.method == Request::Method::post;
    if (posts && !has_length) return 411;
    if (posts && head.body_length > 0 && !is_form) return 415;
    if (!posts && head.body_length > 0) return 400;
    return 0;
  }
};

}  // namespace

std::variant<Head, Refusal> parse_head(std::string_view head) {
  Parser parser;
  bool first = true, ended = false;
  while (!head.empty() && !ended) {
    const std::size_t end = head.find("\r\n");
    if (end == std::string_view::npos) return Refusal{400};
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(end + 2);
    if (line.empty()) {
      ended = true;
      continue;
    }
    if (std::any_of(line.begin(), line.end(),
                    [](char c) { return (static_cast<std::uint8_t>(c) < 0x20 && c != '\t') || c == 0x7F; })) {
      return Refusal{400};
    }
    if (const int status = first ? parser.request_line(line) : parser.field(line); status != 0)
      return Refusal{status};
    first = false;
  }
  if (first || !ended || !head.empty()) return Refusal{400};
  if (const int status = parser.end(); status != 0) return Refusal{status};
  if (parser.http_1_0) parser.head.request.forwarded = true;
  parser.head.keep_alive = !parser.http_1_0 && !parser.close;
  return std::move(parser.head);
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Status";
  }
}

std::string format_head(const Response& response, std::size_t body_length, bool keep_alive) {
  static constexpr std::string_view kSplits("\r\n\0", 3);
  std::string out = "HTTP/1.1 " + std::to_string(response.status) + " " +
                    std::string(reason_phrase(response.status)) + "\r\n";
  const auto add = [&out](std::string_view name, std::string_view value) {
    if (!is_token(name) || value.find_first_of(kSplits) != std::string_view::npos) return;
    out += name;
    out += ": ";
    out += value;
    out += "\r\n";
  };
  if (response.status != 304) {
    add("Content-Type", response.content_type);
    add("Content-Length", std::to_string(body_length));
  }
  for (const auto& [name, value] : response.headers) add(name, value);
  add("Connection", keep_alive ? "keep-alive" : "close");
  return out + "\r\n";
}

}  // namespace remotemail::web
