// RFC 5322 and MIME: bytes to value and value to bytes. No I/O.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "remotemail/core/mail.hpp"
#include "remotemail/core/result.hpp"

namespace remotemail {

// Parses a mail or its header alone (design, step 2). Total: never throws but for lack of memory, linear in the input,
// memory at most a small multiple of it, no recursion. What is wrong stands in Mail::defects.
// `raw.complete` false: the text may be cut, and is empty when only the header is there.
Mail parse_mail(const RawMail& raw);

// A mail to be composed (design, step 7). Texts are UTF-8; the composer encodes header text where it must (RFC 2047,
// never splitting a character) and refuses CR, LF and NUL in every field (Y7).
struct MailDraft {
  std::string message_id;        // without brackets; see make_message_id()
  WallTime date{};
  std::chrono::minutes utc_offset{0};  // G11
  MailAddress from;
  std::string to;
  std::string subject;
  std::string body;              // ASCII, LF line ends
  bool auto_replied = true;      // Auto-Submitted: auto-replied; false: auto-generated (tests, notices)
  bool by_hand = false;          // a person wrote it (the CE desk): no Auto-Submitted at all
  std::string in_reply_to;       // a well-formed Message-ID of the request, or empty
  std::vector<std::string> references;
  std::string x_loop;            // the copier's address (R10)
  std::string test_token;        // C3: X-Remotemail-Test; usually empty
};

// The complete message, CRLF. Cause::unsafe_text names the field that holds a forbidden character;
// Cause::invalid_value an ill-formed address or id.
Result<std::string> compose_mail(const MailDraft& draft);

// G: a mail too large for its server, in parts of at most `limit` octets each (as RFC 1870 counts them). `message` is
// what compose_mail() made. Each part has the whole's header, but its own Message-ID, and a Subject that ends in "(2/7)";
// its text begins with the whole's first paragraph (the reply's head) and a line "Part: 2 of 7", and goes on where the
// part before it ended, at a line end. A part of a part reads "(2/7) (1/2)" and "Part: 2 of 7, there 1 of 2". What is cut
// depends on nothing but the arguments. `id_of(2, 7)` gives the ids, all of one length.
// Cause::message_too_large: `limit` leaves no room for limits::kPartText octets of text beside header and head, or more
// than limits::kReplyParts parts would be needed; the detail names a limit that would do.
// Cause::invalid_value: not a plain text in ASCII, or an id is ill-formed.
struct MailPart {
  std::string id;
  std::string message;
};
using PartIds = std::function<std::string(std::size_t part, std::size_t parts)>;
Result<std::vector<MailPart>> split_mail(std::string_view message, std::size_t limit, const PartIds& id_of);

// RFC 5322 3.6.4 dot-atom-text "@" dot-atom-text or no-fold-literal, at most 250 octets.
bool is_message_id(std::string_view id) noexcept;
// B19: local@domain, ASCII, local <= 64, whole <= 254, none of ( ) < > , ; : \ " [ ] nor blanks.
bool is_mail_address(std::string_view address) noexcept;
// RFC 5322 3.3 and its obsolete forms; named zones of RFC 5322 4.3 are known, others and none count as
// +0000 (the military letters too, which RFC 1123 found used both ways). None: what no calendar has, 31 Feb or 24:00.
std::optional<MailDate> parse_date(std::string_view text);
// "Sun, 22 Nov 2026 17:52:00 +0100"; the zone's name is not added as a comment: short ones mean several zones, and the
// offset says all.
std::string format_date(WallTime time, std::chrono::minutes utc_offset);

}  // namespace remotemail
