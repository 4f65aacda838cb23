// RFC 5322 3.4: address lists, and what counts as one mailbox (D, B19).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "remotemail/core/mail.hpp"

namespace remotemail {

struct AddressList {
  std::vector<MailAddress> mailboxes;  // each address passed is_mail_address()
  unsigned entries = 0;                // what the commas separate and holds an address, good or bad
  bool malformed = false;              // a group, an address that is none, an encoded word inside an address
};

// `raw` may be folded. Display names are decoded (RFC 2047, also within quotes). "Doe, John <j@x.y>" is one
// mailbox.
AddressList parse_addresses(std::string_view raw);

// The address as it may stand in a header: a local part that is no dot-atom is quoted (RFC 5322 3.4.1).
std::string header_form(std::string_view address);

}  // namespace remotemail
