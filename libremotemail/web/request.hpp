// A request and its answer as values: pages are functions between them and know no socket.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace remotemail::web {

// The fields of a query or of a form (application/x-www-form-urlencoded), decoded. A name that comes twice: the first
// counts, so that what is checked is what is used.
using Fields = std::map<std::string, std::string, std::less<>>;

inline constexpr std::size_t kMostFields = 200;

// Total and linear: a broken escape stands as it is. Empty when there are more than kMostFields (the request is refused).
std::optional<Fields> parse_form(std::string_view encoded);
// The cookies of a Cookie header; the first of a name counts.
Fields parse_cookies(std::string_view header);
std::string encode_query_value(std::string_view value);  // percent-encoded, for addresses we make

// What limits and delays count by: an IPv4 address, of IPv6 the /64, which one customer has whole. Other text as it is.
std::string network_of(std::string_view address);

struct Request {
  enum class Method { get, head, post };
  Method method = Method::get;
  std::string path;  // "/settings/transmission": decoded, begins with `/`
  Fields query;      // never a secret, never a change
  Fields form;       // of a POST alone; never mixed with the query
  Fields cookies;
  std::string host;        // the Host field, as it came
  std::string origin;      // Origin, may be empty
  std::string fetch_site;  // Sec-Fetch-Site, may be empty
  std::string if_none_match;
  std::string peer;        // IP address of the other side
  std::string reached_at;  // IP address of ours that it came to
  bool secure = false;     // came over TLS
  bool loopback = false;   // peer and listener are loopback addresses (Y1)
  // A forwarding header stands in it, or it is HTTP/1.0, which no browser speaks and which proxies do that say nothing of
  // themselves: it comes from somewhere else (Y1).
  bool forwarded = false;

  std::string_view field(std::string_view name) const {  // of the form; empty when it is missing
    const auto found = form.find(name);
    return found == form.end() ? std::string_view{} : std::string_view(found->second);
  }
};

struct Response {
  int status = 200;
  std::string content_type = "text/html; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;  // the server refuses CR, LF and NUL in them
  bool may_be_stored = false;                                // assets; everything else is `no-store`
};

// 303 to a path of these pages: what a POST ends with, so that a reload repeats nothing.
Response see_other(std::string path);

}  // namespace remotemail::web
