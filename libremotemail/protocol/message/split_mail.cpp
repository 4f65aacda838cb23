// G: a mail in parts that a server with a SIZE (RFC 1870) takes.
#include <algorithm>
#include <utility>

#include "core/text.hpp"
#include "protocol/message/header_fields.hpp"
#include "protocol/message/header_writer.hpp"
#include "remotemail/core/limits.hpp"
#include "remotemail/protocol/message.hpp"

namespace remotemail {
namespace {

constexpr std::string_view kLineEnd = "\r\n", kEmptyLine = "\r\n\r\n";
constexpr std::string_view kPart = "Part: ";
constexpr std::size_t kHead = 1024;  // a longer first paragraph is no head that each part could repeat

Error no_text() {
  return make_error(Cause::invalid_value, Step::none, "must be a plain text, to be split", Retry::never);
}

// A composed message, taken apart; views of it.
struct Whole {
  struct Field {
    std::string_view name;
    std::string_view lines;  // all of the field, with its line ends
  };
  std::vector<Field> header;
  std::string_view head;  // first paragraph, without its "Part: " and the empty line below
  std::string_view part;  // what its own "Part: " says, when it is a part itself
  std::string_view text;  // what stands below the head
};

bool is_plain_text(const Whole& whole) {
  bool plain = false, seven_bit = false;
  for (const auto& [name, lines] : whole.header) {
    const std::string_view value = trim(lines.substr(name.size() + 1));
    if (equal_ignoring_case(name, "Content-Type")) plain = starts_ignoring_case(value, "text/plain");
    if (equal_ignoring_case(name, "Content-Transfer-Encoding"))
      seven_bit = equal_ignoring_case(value, "7bit");
  }
  return plain && seven_bit;
}

std::optional<Whole> take_apart(std::string_view message) {
  const std::size_t header_end = message.find(kEmptyLine);
  if (header_end == std::string_view::npos) return std::nullopt;
  Whole whole;
  for (std::string_view rest = message.substr(0, header_end + kLineEnd.size()); !rest.empty();) {
    std::size_t end = rest.find(kLineEnd) + kLineEnd.size();
    while (end < rest.size() && is_blank(rest[end])) end = rest.find(kLineEnd, end) + kLineEnd.size();
    const std::string_view lines = rest.substr(0, end);
    const std::size_t colon = lines.find(':');
    if (colon == std::string_view::npos || lines.find_first_of(" \r") < colon) return std::nullopt;
    whole.header.push_back({lines.substr(0, colon), lines});
    rest.remove_prefix(end);
  }
  whole.text = message.substr(header_end + kEmptyLine.size());
  if (!is_plain_text(whole)) return std::nullopt;

  const std::size_t head_end = whole.text.substr(0, kHead).find(kEmptyLine);
  if (head_end == std::string_view::npos || whole.text.starts_with(kLineEnd)) return whole;
  whole.head = whole.text.substr(0, head_end + kLineEnd.size());
  whole.text.remove_prefix(head_end + kEmptyLine.size());
  const std::string_view inner = whole.head.substr(0, head_end);
  const std::size_t line_end = inner.rfind(kLineEnd);
  const std::size_t last = line_end == std::string_view::npos ? 0 : line_end + kLineEnd.size();
  if (inner.substr(last).starts_with(kPart)) {
    whole.part = inner.substr(last + kPart.size());
    whole.head = whole.head.substr(0, last);
  }
  return whole;
}

Result<std::string> one_field(std::string_view name, const std::vector<std::string>& tokens) {
  HeaderWriter writer;
  writer.field(name, tokens);
  return writer.take();
}

// Everything of a part above its text.
Result<std::string> begin_part(const Whole& whole, const std::string& id, std::size_t number,
                               std::size_t parts) {
  if (!is_message_id(id)) return make_error(Cause::invalid_value, Step::none, "Message-ID", Retry::never);
  const std::string i = std::to_string(number), n = std::to_string(parts);
  std::string out;
  for (const auto& [name, lines] : whole.header) {
    std::vector<std::string> tokens;
    if (equal_ignoring_case(name, "Message-ID")) {
      tokens.push_back('<' + id + '>');
    } else if (equal_ignoring_case(name, "Subject")) {
      // A composed Subject has single blanks between its words, encoded or not, and behind an encoded word
      // the blank counts (RFC 2047 6.2).
      const std::string value = unfold(lines.substr(name.size() + 1));
      for (const std::string_view word : split_words(trim(value))) tokens.emplace_back(word);
      tokens.push_back('(' + i + '/' + n + ')');
    } else {
      out += lines;
      continue;
    }
    auto field = one_field(name, tokens);
    if (!field) return field;
    out += *field;
  }
  out += kLineEnd;
  out += whole.head;
  out += kPart;
  if (!whole.part.empty()) out += std::string(whole.part) + ", there ";
  return out + i + " of " + n + std::string(kEmptyLine);
}

// The text in pieces of at most `room` octets, cut at line ends; where a paragraph ends in the last quarter,
// there. Empty: a line is longer than that.
std::vector<std::string_view> cut(std::string_view text, std::size_t room) {
  std::vector<std::string_view> pieces;
  while (text.size() > room) {
    const std::size_t line = text.rfind(kLineEnd, room - kLineEnd.size());
    if (line == std::string_view::npos) return {};
    std::size_t end = line + kLineEnd.size();
    const std::size_t paragraph = text.substr(0, end).rfind(kEmptyLine);
    if (paragraph != std::string_view::npos && paragraph + kEmptyLine.size() > room / 4 * 3) {
      end = paragraph + kEmptyLine.size();
    }
    pieces.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  if (!text.empty() || pieces.empty()) pieces.push_back(text);
  return pieces;
}

}  // namespace

Result<std::vector<MailPart>> split_mail(std::string_view message, std::size_t limit, const PartIds& id_of) {
  const auto whole = take_apart(message);
  if (!whole || !std::all_of(message.begin(), message.end(), [](char c) { return c >= 0; })) return no_text();

  // No part has more above its text than the last of the most.
  constexpr std::size_t kMost = limits::kReplyParts;
  const auto longest = begin_part(*whole, id_of(kMost, kMost), kMost, kMost);
  if (!longest) return longest.error();
  std::vector<std::string_view> pieces;
  if (limit >= longest->size() + limits::kPartText) pieces = cut(whole->text, limit - longest->size());
  if (pieces.empty() || pieces.size() > kMost) {
    const std::size_t least =
        longest->size() + kLongestMailLine + std::max(limits::kPartText, whole->text.size() / kMost * 4 / 3);
    return make_error(Cause::message_too_large, Step::none,
                      std::to_string(message.size()) + " octets, in parts of at most " +
                          std::to_string(limit) + "; parts of " + std::to_string(least) + " would do",
                      Retry::never);
  }

  std::vector<MailPart> parts;
  parts.reserve(pieces.size());
  for (std::size_t i = 1; i <= pieces.size(); ++i) {
    MailPart part;
    part.id = id_of(i, pieces.size());
    auto begun = begin_part(*whole, part.id, i, pieces.size());
    if (!begun) return begun.error();
    part.message = std::move(*begun);
    part.message += pieces[i - 1];
    parts.push_back(std::move(part));
  }
  return parts;
}

}  // namespace remotemail
