#include <algorithm>

#include "core/text.hpp"
#include "protocol/message/address.hpp"
#include "protocol/message/bounce_report.hpp"
#include "protocol/message/content_type.hpp"
#include "protocol/message/encoded_word.hpp"
#include "protocol/message/header_fields.hpp"
#include "protocol/message/identifiers.hpp"
#include "protocol/message/loop_marks.hpp"
#include "protocol/message/mail_text.hpp"
#include "protocol/message/mime_tree.hpp"
#include "remotemail/core/limits.hpp"
#include "remotemail/protocol/message.hpp"

namespace remotemail {
namespace {

constexpr std::size_t kReferences = 10;

void add(Mail& mail, Defect defect) {
  if (std::find(mail.defects.begin(), mail.defects.end(), defect) == mail.defects.end())
    mail.defects.push_back(defect);
}

auto count(const HeaderBlock& header, std::string_view name) {
  return std::count_if(header.fields.begin(), header.fields.end(),
                       [&](const HeaderField& field) { return equal_ignoring_case(field.name, name); });
}

// Exactly one From field with exactly one mailbox, else a defect (D).
void read_from(const HeaderBlock& header, Mail& mail) {
  const auto fields = count(header, "From");
  const std::string_view value = header.value_of("From");
  if (fields == 0 || (fields == 1 && trim(value).empty())) return add(mail, Defect::no_from);
  if (fields > 1) return add(mail, Defect::several_from);
  AddressList list = parse_addresses(value);
  if (list.entries > 1) return add(mail, Defect::several_from);
  if (list.malformed || list.mailboxes.empty()) return add(mail, Defect::from_not_an_address);
  mail.from = std::move(list.mailboxes.front());
}

// RFC 5322 3.6.4: without References, an In-Reply-To with one id takes its place.
std::vector<std::string> read_references(const HeaderBlock& header) {
  auto ids = message_ids_of(header.value_of("References"));
  if (ids.empty()) {
    ids = message_ids_of(header.value_of("In-Reply-To"));
    if (ids.size() != 1) ids.clear();
  }
  if (ids.size() > kReferences) ids.erase(ids.begin(), ids.end() - kReferences);
  return ids;
}

std::string read_message_id(const HeaderBlock& header) {
  const std::string plain = without_comments(header.value_of("Message-ID"));
  const std::string_view id = trim(plain);
  const auto ids = message_ids_of(id);
  return ids.size() == 1 && ids.front().size() + 2 == id.size() ? ids.front() : std::string();
}

void read_header(const HeaderBlock& header, Mail& mail) {
  if (mail.header_size > limits::kHeaderBlock) add(mail, Defect::header_too_large);
  if (header.too_many_fields) add(mail, Defect::too_many_fields);
  if (header.field_too_long) add(mail, Defect::field_too_long);
  read_from(header, mail);
  if (count(header, "Subject") > 1) add(mail, Defect::several_subjects);
  const ParameterizedValue type = parse_content_type(header.value_of("Content-Type"));
  mail.subject = decode_text(header.value_of("Subject"), type.parameter("charset"));
  mail.date = parse_date(header.value_of("Date"));
  mail.message_id = read_message_id(header);
  mail.references = read_references(header);
  mail.top_received_host = received_from(header.value_of("Received"));
  mail.marks = read_loop_marks(header);
}

}  // namespace

Mail parse_mail(const RawMail& raw) {
  Mail mail;
  const LineText lines = normalise_line_ends(raw.bytes);
  const std::string_view text = lines.text;
  mail.header_size = lines.header_octets;
  if (text.find('\0') != std::string_view::npos) add(mail, Defect::nul_octet);

  const HeaderBlock header = split_header(text);
  read_header(header, mail);

  const MimeTree tree = read_mime(header, text.substr(header.size));
  for (const Defect defect : tree.defects) add(mail, defect);
  mail.bounce = read_bounce(header, tree, mail.marks);
  mail.marks.report = mail.marks.report || is_report(header, tree);
  if (const MimeLeaf* leaf = text_leaf(tree)) mail.text = leaf_text(*leaf);
  return mail;
}

}  // namespace remotemail
