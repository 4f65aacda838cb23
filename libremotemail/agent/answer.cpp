#include "agent/answer.hpp"

#include <chrono>

#include "core/crypto/digest.hpp"
#include "core/text.hpp"
#include "core/utf8.hpp"
#include "remotemail/protocol/message.hpp"

namespace remotemail {
namespace {

constexpr std::size_t kIdLetters = 26;  // 130 bits
constexpr std::size_t kShownName = 96;  // octets of what a machine calls itself

ReplyHead make_head(const Mail& mail, const std::string& reply_to, const AnswerContext& context) {
  const ReceptionSettings& reception = context.settings.reception;
  ReplyHead head;
  head.device = context.device;
  head.nickname = reception.nickname;
  head.requested_by = reply_to;
  head.announce_delay = reception.announce_delay;
  if (mail.date) {
    head.delay = std::chrono::floor<std::chrono::seconds>(context.now) - mail.date->utc;
  }
  head.utc_offset = context.settings.utc_offset(context.now);
  head.mask_passwords = context.settings.mask_passwords || !context.copy_to.empty();
  return head;
}

MailDraft make_draft(const Mail& mail, const std::string& reply_to, const AnswerContext& context) {
  const ReceptionSettings& reception = context.settings.reception;
  MailDraft draft;
  draft.date = context.now;
  draft.utc_offset = context.settings.utc_offset(context.now);
  draft.from.address = reception.address;
  draft.from.display_name = sender_name(reception.nickname, context.device);
  draft.to = context.copy_to.empty() ? reply_to : context.copy_to;
  draft.auto_replied = context.copy_to.empty();
  draft.in_reply_to = mail.message_id;
  if (!mail.message_id.empty()) {
    draft.references = mail.references;
    draft.references.push_back(mail.message_id);
  }
  draft.x_loop = reception.address;
  return draft;
}

}  // namespace

std::string header_text(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size() && out.size() < kShownName;) {
    const std::size_t begin = at;
    const char32_t c = next_character(text, at);
    const bool control = c < 0x20 || (c >= 0x7F && c < 0xA0);
    const bool malformed = c == kReplacementCharacter;
    out += control ? " " : malformed ? "?" : text.substr(begin, at - begin);
  }
  return std::string(trim(out));
}

std::string digest_of(const Mail& mail, const Sealer& sealer) {
  if (!mail.date && mail.message_id.empty()) return {};
  std::string data;
  append_field(data, mail.from ? lower(mail.from->address) : std::string());
  append_field(data, mail.date ? std::to_string(mail.date->utc.time_since_epoch().count()) : std::string());
  append_field(data, mail.message_id);
  append_field(data, mail.text);
  return sealer.keyed_digest("request digest", data);
}

std::string make_message_id(std::string_view request, std::string_view role, std::string_view copier_address,
                            const Sealer& sealer) {
  std::string data;
  append_field(data, request);
  append_field(data, role);
  const auto at = copier_address.rfind('@');
  const std::string_view domain = at == std::string_view::npos ? "localhost" : copier_address.substr(at + 1);
  return "rm." + base32_lower(sealer.keyed_digest("message id", data)).substr(0, kIdLetters) + "@" +
         std::string(domain);
}

std::string sender_name(std::string_view nickname, const DeviceIdentity& device) {
  return nickname.empty() ? header_text(device.model + " " + device.serial_number) : std::string(nickname);
}

std::string subject_of(std::string_view topic, std::string_view nickname, const DeviceIdentity& device) {
  return std::string(topic) + " [" +
         (nickname.empty() ? header_text(device.serial_number) : std::string(nickname)) + "]";
}

// F16–F18 quote passwords unless they are masked; a line that is not understood may be a CHPASS with a slip of the finger.
bool may_show_password(PlannedItem::Kind kind, bool passwords_are_masked) {
  return (kind == PlannedItem::Kind::change_password && !passwords_are_masked) ||
         kind == PlannedItem::Kind::not_found;
}

Result<std::vector<OutboxMail>> answer(const Mail& mail, const std::string& reply_to,
                                       std::string_view request, const std::vector<Outcome>& outcomes,
                                       const AnswerContext& context) {
  const ReplyHead head = make_head(mail, reply_to, context);
  MailDraft draft = make_draft(mail, reply_to, context);
  const std::string role = context.copy_to.empty() ? "" : "copy ";
  std::vector<OutboxMail> replies;
  for (const Outcome& outcome : outcomes) {
    const ReplyText text = context.formatter.format(head, outcome);
    draft.message_id = make_message_id(request, role + std::to_string(replies.size()) + " " + text.topic,
                                       context.settings.reception.address, context.sealer);
    draft.subject = subject_of(text.topic, head.nickname, head.device);
    draft.body = text.body;
    auto message = compose_mail(draft);
    if (!message) return std::move(message).error();
    OutboxMail reply;
    reply.id = draft.message_id;
    if (!context.copy_to.empty()) reply.kind = OutboxMail::Kind::copy;
    reply.recipient = draft.to;
    reply.what = text.topic;
    reply.message = std::move(*message);
    reply.shows_secret = may_show_password(outcome.item.kind, head.mask_passwords);
    replies.push_back(std::move(reply));
  }
  return replies;
}

}  // namespace remotemail
