#include "agent/notices.hpp"

#include <fmt/format.h>

#include "agent/answer.hpp"
#include "core/text.hpp"
#include "remotemail/core/limits.hpp"
#include "remotemail/list_formatter/list_formatter.hpp"
#include "remotemail/protocol/message.hpp"

namespace remotemail {
namespace {

// "12,345": what people read.
std::string with_groups(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, 1, ',');
  return digits;
}

std::string head_of(const NoticeContext& context) {
  std::string head = "Serial number: " + clean_line(transliterate(context.device.serial_number), 100) + "\n";
  const std::string nickname = transliterate(context.settings.reception.nickname);
  if (!trim(nickname).empty()) head += "Nickname: " + clean_line(trim(nickname), 100) + "\n";
  return head + "\n";
}

std::string line_of(std::string_view name, std::string_view value) {
  return std::string(name) + ": " + clean_line(value, limits::kReplyColumns - name.size() - 2) + "\n";
}

std::string local_time_of(WallTime time, const NoticeContext& context) {
  return format_date(time, context.settings.utc_offset(time));
}

// D12, or a folder that keeps what was handled.
std::string_view fate_words(const NoticeContext& context) {
  return context.settings.reception.account.done_folder.empty() ? "removed from the mailbox"
                                                                : "moved to the folder for handled mails";
}

Result<OutboxMail> make_notice(const std::string& to, std::string_view request, std::string_view role,
                               std::string_view title, std::string body, const NoticeContext& context) {
  const ReceptionSettings& reception = context.settings.reception;
  MailDraft draft;
  draft.message_id = make_message_id(request, role, reception.address, context.sealer);
  draft.date = context.now;
  draft.utc_offset = context.settings.utc_offset(context.now);
  draft.from.address = reception.address;
  draft.from.display_name = reception.nickname.empty()
                                ? header_text(context.device.model + " " + context.device.serial_number)
                                : reception.nickname;
  draft.to = to;
  draft.subject = subject_of(title, reception.nickname, context.device);
  draft.body = head_of(context) + std::move(body);
  draft.auto_replied = false;
  draft.x_loop = reception.address;
  auto message = compose_mail(draft);
  if (!message) return std::move(message).error();
  OutboxMail notice;
  notice.id = draft.message_id;
  notice.kind = OutboxMail::Kind::notice;
  notice.recipient = to;
  notice.what = title;
  notice.message = std::move(*message);
  return notice;
}

std::string reason_of(const Illegal& illegal, const NoticeContext& context) {
  std::string reason(words(illegal.reason));
  if (illegal.reason == Illegal::Reason::too_large) {
    return fmt::format("{}: {} without its header, the limit is {}", reason, illegal.detail,
                       with_groups(context.settings.reception.size_limit));
  }
  if (!illegal.detail.empty()) reason += ": " + illegal.detail;
  return reason;
}

}  // namespace

std::string quoted_beginning(std::string_view text) {
  constexpr std::string_view kQuote = "> ";
  constexpr std::size_t kLineEnds = 2;
  std::string quoted;
  std::size_t octets = 0, lines = 0;
  while (!text.empty() && lines < limits::kQuotedLines) {
    const std::size_t end = text.find('\n');
    // Cut before it is looked at: a line may be as long as the mail.
    std::string line = hide_passwords(text.substr(0, std::min(end, limits::kQuotedOctets)));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (lines == 0 && trim(line).empty()) continue;
    line = clean_line(line, limits::kReplyColumns - kQuote.size());
    octets += kQuote.size() + line.size() + kLineEnds;
    if (octets > limits::kQuotedOctets) break;
    quoted += std::string(trim(line).empty() ? ">" : kQuote) + line + "\n";
    ++lines;
  }
  return quoted;
}

Result<OutboxMail> illegal_notice(const IllegalMail& illegal, const NoticeContext& context) {
  const Mail& mail = illegal.mail;
  std::string body =
      fmt::format("A mail to this copier was illegal. It gets no answer and is {}.\n\n", fate_words(context));
  body += line_of("From", mail.from ? mail.from->address : "not one readable address");
  body +=
      line_of("Date", mail.date ? format_date(mail.date->utc, mail.date->offset) : "none that is readable");
  body += line_of("Size", with_groups(illegal.size) + " bytes");
  body += line_of("Reason", reason_of(illegal.illegal, context));
  if (illegal.with_text) {
    const std::string quoted = quoted_beginning(mail.text);
    body += quoted.empty() ? "\nIt has no text.\n" : "\nIts text begins:\n\n" + quoted;
  }
  return make_notice(context.settings.reception.administrator_address, illegal.request, "illegal notice",
                     "Illegal mail", std::move(body), context);
}

Result<OutboxMail> illegal_summary(std::uint64_t further, WallTime since, const NoticeContext& context) {
  const bool one = further == 1;
  const std::string body = fmt::format(
      "{} further illegal {} since {}.\n{} no answer and {} {}.\n\nOf more than {} an hour only the number is "
      "told.\n",
      with_groups(further), one ? "mail" : "mails", local_time_of(since, context),
      one ? "It gets" : "They get", one ? "is" : "are", fate_words(context), limits::kNoticesPerHour);
  return make_notice(context.settings.reception.administrator_address, format_millis(since),
                     "illegal summary", "Illegal mails", body, context);
}

Result<OutboxMail> manager_notice(std::string_view topic, const Daily& daily, const NoticeContext& context) {
  const std::string since = local_time_of(daily.since.value_or(context.now), context);
  std::string title, body;
  if (topic == topics::kFailures) {
    title = "Replies not delivered";
    body = fmt::format("{} {} of this copier failed for good since {}:\n\n", with_groups(daily.count),
                       daily.count == 1 ? "mail" : "mails", since);
  } else if (topic == topics::kLimits) {
    title = "Limit of replies";
    body = fmt::format("{} {} in the copier's mailbox, unanswered, for a limit of replies is reached:\n\n",
                       with_groups(daily.count), daily.count == 1 ? "mail waits" : "mails wait");
  } else {
    title = "Wrong passwords";
    body = fmt::format(
        "{} {} with a wrong password came since {}.\n\n"
        "After {} within an hour, mails of unknown senders wait on the server, unjudged, until the hour is over.\n"
        "Senders that were answered before go on as ever. The mail log tells more.\n",
        with_groups(daily.count), daily.count == 1 ? "mail" : "mails", since, limits::kGuessesPerHour);
  }
  for (const std::string& line : daily.lines) body += clean_line(line, limits::kReplyColumns) + "\n";
  if (daily.count > daily.lines.size() && !daily.lines.empty())
    body += fmt::format("and {} more\n", daily.count - daily.lines.size());
  if (topic == topics::kLimits) body += "\nEach is answered as soon as its limit allows.\n";
  body += "\nThis is told once a day at most.\n";
  std::string request(topic);
  request += " " + format_millis(daily.since.value_or(context.now)) + " " + format_millis(context.now);
  return make_notice(context.settings.transmission.manager_address, request, "manager notice", title,
                     std::move(body), context);
}

}  // namespace remotemail
