// Address lists: what counts as an address obeys B19, and comes back from the form a header gives it.
#include <cstdint>
#include <cstdlib>

#include "protocol/message/address.hpp"
#include "protocol/message/charset.hpp"
#include "protocol/message/encoded_word.hpp"
#include "protocol/message/identifiers.hpp"

using namespace remotemail;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const AddressList list = parse_addresses(text);
  if (list.mailboxes.size() > list.entries) std::abort();
  for (const MailAddress& mailbox : list.mailboxes) {
    if (!is_mail_address(mailbox.address) || has_encoded_word(mailbox.address)) std::abort();
    if (!is_utf8(mailbox.display_name)) std::abort();
    if (mailbox.display_name.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) std::abort();
    const AddressList again = parse_addresses("x <" + header_form(mailbox.address) + ">");
    if (again.malformed || again.mailboxes.size() != 1 || again.mailboxes[0].address != mailbox.address)
      std::abort();
  }
  for (const std::string& id : message_ids_of(text)) {
    if (!is_message_id(id)) std::abort();
  }
  return 0;
}
