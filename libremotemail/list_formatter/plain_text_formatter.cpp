#include <algorithm>

#include "core/text.hpp"
#include "list_formatter/help.hpp"
#include "list_formatter/lines.hpp"
#include "list_formatter/table.hpp"
#include "remotemail/core/limits.hpp"
#include "remotemail/list_formatter/list_formatter.hpp"

namespace remotemail {

using namespace layout;

namespace {

constexpr std::string_view kPasswordTopic = "Password change";
constexpr std::string_view kMask = "********";

std::size_t columns_of(const Outcome& outcome) {
  const auto* read = std::get_if<ListRead>(&outcome.value);
  const auto* missing = std::get_if<ListMissing>(&outcome.value);
  return (read && read->phone) || (missing && missing->phone) ? limits::kPhoneColumns : limits::kReplyColumns;
}

// G6, G7: "+0d 00h12m05s".
std::string delay_words(const std::optional<std::chrono::seconds>& delay) {
  if (!delay) return "not known, your mail had no readable date";
  const auto count = delay->count();
  const auto seconds = count < 0 ? 0 - static_cast<std::uint64_t>(count) : static_cast<std::uint64_t>(count);
  return (count < 0 ? "-" : "+") + std::to_string(seconds / 86400) + "d " + digits(seconds / 3600 % 24, 2) +
         "h" + digits(seconds / 60 % 60, 2) + "m" + digits(seconds % 60, 2) + "s";
}

// G4–G6, with the empty line below.
std::string head_text(const ReplyHead& head, std::size_t columns) {
  std::string out;
  const auto add = [&](std::string_view name, std::string_view value) {
    for (const std::string& line : field(name, value, columns)) out += line + "\n";
  };
  const std::string nickname = transliterate(head.nickname);
  add("Serial number", transliterate(head.device.serial_number));
  add("Requested by", transliterate(head.requested_by));
  if (!trim(nickname).empty()) add("Nickname", nickname);
  if (head.announce_delay) add("Delay time", delay_words(head.delay));
  return out + "\n";
}

std::string echo(const PlannedItem& item, std::size_t columns) {
  return item.line.empty() ? std::string() : "> " + clean_line(item.line, columns - 2) + "\n";
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
    const std::string sentence =
        missing.reason.cause == Cause::device_unsupported
            ? "This machine has no " + name + "."
            : "The " + name + " cannot be read now: " + reason_words(missing.reason) + ".";
    const std::string line = echo(item_, columns_);
    std::string body = above(line);
    for (const std::string& piece : wrap(sentence, columns_, lines_below(line))) body += piece + "\n";
    return {std::string(missing.phone ? kPhoneTitle : title), body};
  }

  ReplyText operator()(const PasswordChanged& changed) const {
    const std::string shown =
        head_.mask_passwords ? std::string(kMask) : clean_line(changed.new_password, limits::kPasswordLength);
    return {std::string(kPasswordTopic),
            "SE's Password was changed successfully. -> New Password:[" + shown + "]\n"};
  }

  ReplyText operator()(const PasswordRefused& refused) const {
    const std::string_view text = refused.why == PasswordRefused::Why::old_wrong
                                      ? "Old Password is Invalid. ->"
                                      : "Violation on format by new password. ->";
    return {std::string(kPasswordTopic), quoting(text, item_.line, head_.mask_passwords)};
  }

  ReplyText operator()(const HelpAsked& help) const {
    return {"Help",
            above(help.no_command ? "" : echo(item_, columns_)) + format_help(help, head_.utc_offset)};
  }

  ReplyText operator()(const NotFound&) const {
    std::string body;
    for (const std::string& reply : item_.replies)
      body += clean_line(shown(reply), limits::kReplyColumns) + "\n";
    return {"Command errors", body};
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
  const std::string above = head_text(head, columns);
  const auto head_lines = static_cast<std::size_t>(std::count(above.begin(), above.end(), '\n'));
  ReplyText reply = std::visit(Content(head, outcome.item, columns, head_lines), outcome.value);
  reply.body.insert(0, above);
  return reply;
}

}  // namespace remotemail
