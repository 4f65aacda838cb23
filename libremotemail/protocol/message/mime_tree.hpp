// RFC 2046: the parts of a mail, as a flat list in the order of the text. No recursion; bounded (D).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol/message/content_type.hpp"
#include "protocol/message/header_fields.hpp"
#include "remotemail/core/mail.hpp"

namespace remotemail {

// A part that holds no other parts. message/rfc822 is one: its inside belongs to another mail.
struct MimeLeaf {
  ParameterizedValue type;
  std::string encoding;  // Content-Transfer-Encoding, lower case
  bool attachment = false;
  std::string_view body;        // raw
  std::string_view message_id;  // raw; only mails have one, and parts that begin with a returned mail

  std::string decoded() const;  // transfer encoding undone
};

struct MimeTree {
  ParameterizedValue type;  // of the mail itself
  std::vector<MimeLeaf> leaves;
  std::vector<Defect> defects;
};

// `header` and `body` (LF line ends) must outlive the tree. A multipart whose boundary never appears is one
// text leaf.
MimeTree read_mime(const HeaderBlock& header, std::string_view body);

}  // namespace remotemail
