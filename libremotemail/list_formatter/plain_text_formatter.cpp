#include <fmt/format.h>

#include <algorithm>

#include "core/text.hpp"
#include "list_formatter/help.hpp"
#include "list_formatter/lines.hpp"
#include "list_formatter/table.hpp"
#include "list_formatter/texts.hpp"
#include "remotemail/core/limits.hpp"
#include "remotemail/list_formatter/list_formatter.hpp"

namespace remotemail {

using namespace layout;

namespace {

// G10: above this many lines of head (of 20) a phone would not show total, copy, print and PM below.
constexpr std::size_t kPhoneHeadLines = 15;
constexpr std::size_t kValueLines = 3;  // of one value of the head

std::size_t columns_of(const Outcome& outcome) {
  const auto* read = std::get_if<ListRead>(&outcome.value);
  const auto* missing = std::get_if<ListMissing>(&outcome.value);
  return (read && read->phone) || (missing && missing->phone) ? limits::kPhoneColumns : limits::kReplyColumns;
}

// G6, G7: "+0d 00h12m05s".
std::string delay_words(const std::optional<std::chrono::seconds>& delay) {
  if (!delay) return std::string(texts::kNoDelay);
  const auto count = delay->count();
  const auto seconds = count < 0 ? 0 - static_cast<std::uint64_t>(count) : static_cast<std::uint64_t>(count);
  return fmt::format(texts::kDelay, count < 0 ? '-' : '+', seconds / 86400, seconds / 3600 % 24,
                     seconds / 60 % 60, seconds % 60);
}

// G4–G6; each value in at most `value_lines` lines.
std::vector<std::string> head_lines(const ReplyHead& head, std::size_t columns, std::size_t value_lines) {
  std::vector<std::string> lines;
  const auto add = [&](std::string_view name, const std::string& value) {
    for (std::string& line : field(name, value, columns, value_lines)) lines.push_back(std::move(line));
  };
  const std::string nickname = transliterate(head.nickname);
  add(texts::kSerialNumber, transliterate(head.device.serial_number));
  add(texts::kRequestedBy, transliterate(head.requested_by));
  if (!trim(nickname).empty()) add(texts::kNickname, nickname);
  if (head.announce_delay) add(texts::kDelayTime, delay_words(head.delay));
  lines.emplace_back();
  return lines;
}

// The head with the empty line below, on a phone as short as it has to be.
std::vector<std::string> head_for(const ReplyHead& head, std::size_t columns) {
  std::size_t value_lines = kValueLines;
  auto lines = head_lines(head, columns, value_lines);
  while (columns == limits::kPhoneColumns && lines.size() > kPhoneHeadLines && value_lines > 1)
    lines = head_lines(head, columns, --value_lines);
  return lines;
}

std::string echo(const PlannedItem& item, std::size_t columns) {
  return item.line.empty() ? std::string()
                           : fmt::format(texts::kEcho, clean_line(item.line, columns - 2)) + "\n";
}

// "font pattern list", but "JOB memory list": a title within a sentence.
std::string within_sentence(std::string_view title) {
  std::string words(title);
  if (words.size() > 1 && words[1] >= 'a' && words[1] <= 'z') words[0] = to_lower(words[0]);
  return words;
}

// "the machine gave an unusable answer (adapter: exit status 3)"
std::string reason_words(const Error& reason) {
  const std::string detail = clean_line(transliterate(reason.detail));
  return std::string(words(reason.cause)) + (detail.empty() ? "" : " (" + detail + ")");
}

// A fixed text with the command's line behind it, within the columns.
std::string quoting(std::string_view text, std::string_view line, bool mask) {
  const std::string shown = mask ? hide_passwords(line) : std::string(line);
  return std::string(text) + clean_line(shown, limits::kReplyColumns - text.size()) + "\n";
}

// What stands below the head, one function for each outcome.
class Content {
 public:
  Content(const ReplyHead& head, const PlannedItem& item, std::size_t columns, std::size_t head_lines)
      : head_(head), item_(item), columns_(columns), head_lines_(head_lines) {}

  ReplyText operator()(const ListRead& read) const {
    const std::string line = echo(item_, columns_);
    if (!read.phone) return {std::string(word_of(read.list.id).title), above(line) + format_list(read.list)};
    return {std::string(kPhoneTitle), line + format_phone_list(read.list, lines_below(line))};
  }

  ReplyText operator()(const ListMissing& missing) const {
    const std::string_view title = word_of(missing.list).title;
    const std::string name = within_sentence(title);
    const std::string sentence = missing.reason.cause == Cause::device_unsupported
                                     ? fmt::format(texts::kNoSuchList, name)
                                     : fmt::format(texts::kUnreadable, name, reason_words(missing.reason));
    const std::string line = echo(item_, columns_);
    std::string body = above(line);
    for (const std::string& piece : wrap(sentence, columns_, lines_below(line))) body += piece + "\n";
    return {std::string(missing.phone ? kPhoneTitle : title), body};
  }

  ReplyText operator()(const PasswordChanged& changed) const {
    const std::string shown = head_.mask_passwords
                                  ? std::string(texts::kHiddenPassword)
                                  : clean_line(changed.new_password, limits::kPasswordLength);
    return {std::string(texts::kPasswordTopic), fmt::format(texts::kPasswordChanged, shown) + "\n"};
  }

  ReplyText operator()(const PasswordRefused& refused) const {
    const std::string_view text = refused.why == PasswordRefused::Why::old_wrong
                                      ? texts::kOldPasswordWrong
                                      : texts::kNewPasswordIllFormed;
    return {std::string(texts::kPasswordTopic), quoting(text, item_.line, head_.mask_passwords)};
  }

  ReplyText operator()(const HelpAsked& help) const {
    return {std::string(texts::kHelpTopic),
            above(help.no_command ? "" : echo(item_, columns_)) + format_help(help, head_.utc_offset)};
  }

  ReplyText operator()(const NotFound&) const {
    std::string body;
    for (const std::string& reply : item_.replies)
      body += clean_line(shown(reply), limits::kReplyColumns) + "\n";
    return {std::string(texts::kErrorsTopic), body};
  }

 private:
  // The echo with an empty line below, which a small display can do without.
  std::string above(const std::string& line) const {
    return line.empty() || columns_ == limits::kPhoneColumns ? line : line + "\n";
  }

  // How many lines a phone's reply has room for below head and echo (G10).
  std::size_t lines_below(const std::string& line) const {
    const std::size_t used = head_lines_ + (line.empty() ? 0 : 1);
    return limits::kPhoneLines - std::min(used, limits::kPhoneLines - 1);
  }

  // A CHPASS that was not understood, for a character no password can have, still holds passwords.
  std::string shown(std::string_view reply) const {
    constexpr std::string_view kArrow = "-> ";
    const auto arrow = reply.find(kArrow);
    if (!head_.mask_passwords || arrow == std::string_view::npos) return std::string(reply);
    const auto line = arrow + kArrow.size();
    return std::string(reply.substr(0, line)) + hide_passwords(reply.substr(line));
  }

  const ReplyHead& head_;
  const PlannedItem& item_;
  std::size_t columns_;
  std::size_t head_lines_;
};

}  // namespace

ReplyText PlainTextFormatter::format(const ReplyHead& head, const Outcome& outcome) const {
  const std::size_t columns = columns_of(outcome);
  const auto lines = head_for(head, columns);
  ReplyText reply = std::visit(Content(head, outcome.item, columns, lines.size()), outcome.value);
  std::string above;
  for (const std::string& line : lines) above += line + "\n";
  reply.body.insert(0, above);
  return reply;
}

}  // namespace remotemail
