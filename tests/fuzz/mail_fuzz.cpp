// A whole mail: what the parser promises of its values, and a mail composed of them is parsed to the same ones.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "core/text.hpp"
#include "protocol/message/charset.hpp"
#include "remotemail/protocol/message.hpp"

using namespace remotemail;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

bool one_line(std::string_view text) {
  return is_utf8(text) &&
         std::none_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < 0x20) || c == 0x7F; });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  RawMail raw;
  raw.bytes.assign(reinterpret_cast<const char*>(data), size);
  const Mail mail = parse_mail(raw);
  require(mail.header_size <= size);
  require(one_line(mail.subject) && trim(mail.subject) == mail.subject);
  require(is_utf8(mail.text) && mail.text.size() <= 4 * size + 16);
  require(mail.text.find_first_of(std::string_view("\r\0", 2)) == std::string::npos);
  require(mail.message_id.empty() || is_message_id(mail.message_id));
  require(mail.references.size() <= 10);
  for (const std::string& id : mail.references) require(is_message_id(id));
  const auto has = [&](Defect defect) {
    return std::count(mail.defects.begin(), mail.defects.end(), defect);
  };
  require(mail.from.has_value() ==
          (has(Defect::no_from) + has(Defect::several_from) + has(Defect::from_not_an_address) == 0));
  require((raw.bytes.find('\0') != std::string::npos) == (has(Defect::nul_octet) == 1));
  if (mail.bounce) {
    require(mail.bounce->message_ids.size() <= 16 && mail.bounce->diagnostic.size() <= 200);
    for (const std::string& id : mail.bounce->message_ids) require(is_message_id(id));
  }
  if (!mail.from) return 0;

  MailDraft draft;
  draft.message_id = "a@b";
  draft.from = *mail.from;
  draft.to = mail.from->address;
  draft.subject = mail.subject;
  draft.in_reply_to = mail.message_id;
  draft.references = mail.references;
  const auto composed = compose_mail(draft);
  require(composed.ok());
  raw.bytes = *composed;
  const Mail again = parse_mail(raw);
  require(again.defects.empty() && again.from == mail.from && again.subject == mail.subject);
  require(mail.references.empty() || again.references == mail.references);
  return 0;
}
