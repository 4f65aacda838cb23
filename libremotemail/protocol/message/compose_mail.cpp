#include <algorithm>
#include <initializer_list>
#include <utility>

#include "core/text.hpp"
#include "protocol/message/address.hpp"
#include "protocol/message/charset.hpp"
#include "protocol/message/encoded_word.hpp"
#include "protocol/message/header_writer.hpp"
#include "protocol/message/identifiers.hpp"
#include "remotemail/protocol/message.hpp"

namespace remotemail {
namespace {

constexpr std::size_t kLongestWord = 60;  // of header text that is not encoded
constexpr std::size_t kTestToken = 200;

Error refuse(Cause cause, std::string_view field) {
  return make_error(cause, Step::none, std::string(field), Retry::never);
}

bool has_control(std::string_view text) noexcept {
  return std::any_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < 0x20) || c == 0x7F; });
}

bool is_ascii(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Header text as tokens between which a line may break. Text that would not come back as it was is encoded:
// long words cannot be folded, and runs of blanks do not survive every relay.
std::vector<std::string> text_tokens(std::string_view text) {
  if (text.empty()) return {std::string()};
  const auto words = split(text, ' ');
  const bool plain = is_ascii(text) && !has_encoded_word(text) &&
                     std::all_of(words.begin(), words.end(), [](std::string_view word) {
                       return !word.empty() && word.size() <= kLongestWord;
                     });
  return plain ? std::vector<std::string>(words.begin(), words.end()) : encode_words(text);
}

// RFC 5322 3.4: display-name and address in angle brackets.
std::vector<std::string> mailbox_tokens(const MailAddress& mailbox) {
  const std::string_view name = trim(mailbox.display_name);
  if (name.empty()) return {header_form(mailbox.address)};
  std::vector<std::string> tokens;
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  quoted += '"';
  if (is_ascii(name) && !has_encoded_word(name) && quoted.size() <= kLongestWord) {
    tokens.push_back(quoted);
  } else {
    tokens = encode_words(name);
  }
  tokens.push_back('<' + header_form(mailbox.address) + '>');
  return tokens;
}

std::string bracketed(std::string_view id) {
  return '<' + std::string(id) + '>';
}

std::optional<Error> check(const MailDraft& draft) {
  using Field = std::pair<std::string_view, std::string_view>;
  for (const auto& [name, value] :
       {Field{"Message-ID", draft.message_id}, Field{"From", draft.from.address},
        Field{"From", draft.from.display_name}, Field{"To", draft.to}, Field{"Subject", draft.subject},
        Field{"In-Reply-To", draft.in_reply_to}, Field{"X-Loop", draft.x_loop},
        Field{"X-Remotemail-Test", draft.test_token}}) {
    if (has_control(value)) return refuse(Cause::unsafe_text, name);
  }
  for (const std::string& id : draft.references) {
    if (has_control(id)) return refuse(Cause::unsafe_text, "References");
  }
  if (draft.body.find('\r') != std::string::npos || draft.body.find('\0') != std::string::npos) {
    return refuse(Cause::unsafe_text, "body");
  }

  if (!is_message_id(draft.message_id)) return refuse(Cause::invalid_value, "Message-ID");
  if (!is_mail_address(draft.from.address) || !is_utf8(draft.from.display_name))
    return refuse(Cause::invalid_value, "From");
  if (!is_mail_address(draft.to)) return refuse(Cause::invalid_value, "To");
  if (!is_utf8(draft.subject)) return refuse(Cause::invalid_value, "Subject");
  if (!draft.in_reply_to.empty() && !is_message_id(draft.in_reply_to))
    return refuse(Cause::invalid_value, "In-Reply-To");
  if (!std::all_of(draft.references.begin(), draft.references.end(),
                   [](const auto& id) { return is_message_id(id); })) {
    return refuse(Cause::invalid_value, "References");
  }
  if (!draft.x_loop.empty() && !is_mail_address(draft.x_loop)) return refuse(Cause::invalid_value, "X-Loop");
  if (draft.test_token.size() > kTestToken ||
      !std::all_of(draft.test_token.begin(), draft.test_token.end(),
                   [](char c) { return is_printable(c) && c != ' '; })) {
    return refuse(Cause::invalid_value, "X-Remotemail-Test");
  }
  return std::nullopt;
}

Result<std::string> compose_body(std::string_view body) {
  if (!is_ascii(body)) return refuse(Cause::invalid_value, "body");
  std::string out;
  out.reserve(body.size() + body.size() / 32 + 2);
  for (std::size_t i = 0; i < body.size();) {
    const std::size_t end = std::min(body.find('\n', i), body.size());
    if (end - i > kLongestMailLine) return refuse(Cause::invalid_value, "body");
    out += body.substr(i, end - i);
    out += "\r\n";
    i = end + 1;
  }
  return out;
}

}  // namespace

Result<std::string> compose_mail(const MailDraft& draft) {
  if (auto error = check(draft)) return *std::move(error);
  auto body = compose_body(draft.body);
  if (!body.ok()) return body;

  HeaderWriter header;
  header.field("Message-ID", bracketed(draft.message_id));
  header.field("Date", format_date(draft.date, draft.utc_offset));
  header.field("From", mailbox_tokens(draft.from));
  header.field("To", header_form(draft.to));
  header.field("Subject", text_tokens(trim(draft.subject)));
  header.field("MIME-Version", "1.0");
  header.field("Content-Type", "text/plain; charset=us-ascii");
  header.field("Content-Transfer-Encoding", "7bit");
  if (!draft.by_hand)
    header.field("Auto-Submitted", draft.auto_replied ? "auto-replied" : "auto-generated");
  if (!draft.in_reply_to.empty()) header.field("In-Reply-To", bracketed(draft.in_reply_to));
  if (!draft.references.empty()) {
    std::vector<std::string> ids;
    for (const std::string& id : draft.references) ids.push_back(bracketed(id));
    header.field("References", ids);
  }
  if (!draft.x_loop.empty()) header.field("X-Loop", draft.x_loop);
  if (!draft.test_token.empty()) header.field("X-Remotemail-Test", draft.test_token);
  auto fields = header.take();
  if (!fields) return fields;
  return std::move(*fields) + "\r\n" + *body;
}

}  // namespace remotemail
