// The grammar of IMAP's responses (RFC 3501 section 7): octets to values. No sockets, no dialogue.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "protocol/imap/imap_decoder.hpp"

namespace remotemail::imap {

enum class Condition { ok, no, bad, bye, preauth };

// RFC 3501 7.1, RFC 5530: "OK [UIDVALIDITY 42] text".
struct StatusText {
  Condition condition = Condition::ok;
  std::string code;      // upper case: "UIDVALIDITY"; empty: none
  std::string argument;  // what follows the code inside the brackets, as it is: "42"
  std::string text;      // for people; as sent
  std::string whole;     // code and text as sent: a Scrubber's business before people see it (Y4)
  bool operator==(const StatusText&) const = default;
};

struct Tagged {
  std::string tag;
  StatusText status;
  bool operator==(const Tagged&) const = default;
};
struct Untagged {
  StatusText status;
  bool operator==(const Untagged&) const = default;
};
struct Continuation {
  std::string text;
  bool operator==(const Continuation&) const = default;
};
struct Capabilities {
  std::vector<std::string> names;  // upper case
  bool operator==(const Capabilities&) const = default;
};
struct Exists {
  std::uint64_t count = 0;
  bool operator==(const Exists&) const = default;
};
struct Expunged {
  std::uint64_t number = 0;
  bool operator==(const Expunged&) const = default;
};
struct SearchHits {
  std::vector<std::uint64_t> numbers;
  bool operator==(const SearchHits&) const = default;
};
struct BodyPart {
  std::string section;  // upper case: "", "HEADER", "TEXT"
  std::uint64_t origin = 0;
  std::optional<std::string> bytes;  // none: NIL
  bool operator==(const BodyPart&) const = default;
};
// Too large to say: a size that cannot be read must pass under no limit.
inline constexpr std::uint64_t kUnknownSize = UINT64_MAX;
struct Fetched {
  std::uint64_t number = 0;  // message sequence number
  std::optional<std::uint64_t> uid;
  std::optional<std::uint64_t> size;  // an estimate; kUnknownSize when it was no number that can be
  std::vector<BodyPart> parts;
  bool operator==(const Fetched&) const = default;
};
struct Other {
  std::string name;  // upper case: "FLAGS", "LIST"
  bool operator==(const Other&) const = default;
};

using Response =
    std::variant<Tagged, Untagged, Continuation, Capabilities, Exists, Expunged, SearchHits, Fetched, Other>;

// Reads the next response. Linear; at most what the limits allow is read and held. Errors: those of the
// source, answer_too_large, protocol_violation; after one the source stands anywhere.
Result<Response> read_response(WireSource&, const ResponseLimits& = {});

// The words of a capability list, upper case. answer_too_large beyond limits::kServerReplyLines of them.
Result<std::vector<std::string>> parse_capabilities(std::string_view words);

}  // namespace remotemail::imap
