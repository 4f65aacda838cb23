#include <ctime>

#include "core/text.hpp"
#include "testing/mailhost/imap_mail.hpp"

namespace remotemail::testing::mailhost {
namespace {

struct FlagName {
  Flag flag;
  std::string_view name;
};
constexpr FlagName kFlags[] = {{kAnswered, "\\Answered"},
                               {kFlagged, "\\Flagged"},
                               {kDeleted, "\\Deleted"},
                               {kSeen, "\\Seen"},
                               {kDraft, "\\Draft"}};

// The header ends with its empty line (RFC 3501, 6.4.5).
std::size_t header_size(std::string_view mail) {
  for (std::size_t at = 0; at < mail.size();) {
    const std::size_t end = mail.find('\n', at);
    if (end == std::string_view::npos) break;
    if (end == at || (end == at + 1 && mail[at] == '\r')) return end + 1;
    at = end + 1;
  }
  return mail.size();
}

std::string internal_date(std::int64_t seconds) {
  const std::time_t time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[40];
  const std::size_t size = std::strftime(text, sizeof text, "\"%d-%b-%Y %H:%M:%S +0000\"", &parts);
  return std::string(text, size);
}

// `BODY[HEADER]<0.100>`, `BODY.PEEK[]`
std::optional<FetchItem> parse_body(const std::string& name) {
  FetchItem item{FetchItem::What::body, {}, {}, true, false, 0, 0};
  const std::size_t open = name.find('['), close = name.find(']');
  if (close == std::string::npos || close < open) return std::nullopt;
  const std::string head = name.substr(0, open);
  if (head != "BODY" && head != "BODY.PEEK") return std::nullopt;
  item.sets_seen = head == "BODY";
  item.section = name.substr(open + 1, close - open - 1);
  if (!item.section.empty() && item.section != "HEADER" && item.section != "TEXT") return std::nullopt;
  item.label = "BODY[" + item.section + "]";
  const std::string_view rest = std::string_view(name).substr(close + 1);
  if (rest.empty()) return item;
  const std::size_t dot = rest.find('.');
  if (!rest.starts_with('<') || !rest.ends_with('>') || dot == std::string_view::npos) return std::nullopt;
  const auto offset = parse_number<std::uint32_t>(rest.substr(1, dot - 1));
  const auto count = parse_number<std::uint32_t>(rest.substr(dot + 1, rest.size() - dot - 2));
  if (!offset || !count || *count == 0) return std::nullopt;
  item.partial = true;
  item.offset = *offset;
  item.count = *count;
  item.label += "<" + std::to_string(*offset) + ">";
  return item;
}

std::optional<FetchItem> parse_item(const std::string& name) {
  using What = FetchItem::What;
  if (name == "UID") return FetchItem{What::uid, name};
  if (name == "FLAGS") return FetchItem{What::flags, name};
  if (name == "RFC822.SIZE") return FetchItem{What::size, name};
  if (name == "INTERNALDATE") return FetchItem{What::date, name};
  if (name == "RFC822") return FetchItem{What::body, name, "", true};
  if (name == "RFC822.HEADER") return FetchItem{What::body, name, "HEADER", false};
  if (name == "RFC822.TEXT") return FetchItem{What::body, name, "TEXT", true};
  return parse_body(name);
}

}  // namespace

std::string flag_list(unsigned flags) {
  std::string list = "(";
  for (const FlagName& known : kFlags) {
    if ((flags & known.flag) == 0) continue;
    if (list.size() > 1) list += ' ';
    list += known.name;
  }
  return list + ")";
}

unsigned flag_of(std::string_view name) {
  for (const FlagName& known : kFlags) {
    if (equal_ignoring_case(name, known.name)) return known.flag;
  }
  return 0;
}

std::optional<std::vector<FetchItem>> parse_fetch_items(const Argument& argument) {
  std::vector<FetchItem> items;
  std::vector<Argument> names{argument};
  if (argument.kind == Argument::Kind::list) names = argument.items;
  if (argument.kind == Argument::Kind::atom && equal_ignoring_case(argument.text, "FAST"))
    names = {{{}, "FLAGS", {}}, {{}, "INTERNALDATE", {}}, {{}, "RFC822.SIZE", {}}};
  for (const Argument& name : names) {
    if (name.kind != Argument::Kind::atom) return std::nullopt;
    auto item = parse_item(upper(name.text));
    if (!item) return std::nullopt;
    items.push_back(std::move(*item));
  }
  return items;
}

std::string fetch_answer(const std::vector<FetchItem>& items, const StoredMail& mail) {
  std::string answer;
  for (const FetchItem& item : items) {
    if (!answer.empty()) answer += ' ';
    answer += item.label + ' ';
    switch (item.what) {
      case FetchItem::What::uid:
        answer += std::to_string(mail.uid);
        break;
      case FetchItem::What::flags:
        answer += flag_list(mail.flags);
        break;
      case FetchItem::What::size:
        answer += std::to_string(mail.bytes->size());
        break;
      case FetchItem::What::date:
        answer += internal_date(mail.date);
        break;
      case FetchItem::What::body: {
        std::string_view text = *mail.bytes;
        if (item.section == "HEADER") text = text.substr(0, header_size(text));
        if (item.section == "TEXT") text = text.substr(header_size(text));
        if (item.partial) text = item.offset >= text.size() ? "" : text.substr(item.offset, item.count);
        answer += "{" + std::to_string(text.size()) + "}\r\n";
        answer += text;
        break;
      }
    }
  }
  return answer;
}

}  // namespace remotemail::testing::mailhost
