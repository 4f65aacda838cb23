#include "remotemail/command_parser/command_parser.hpp"

#include <bitset>
#include <optional>
#include <string>
#include <utility>

#include "core/text.hpp"
#include "core/utf8.hpp"
#include "remotemail/core/limits.hpp"

namespace remotemail {
namespace {

constexpr std::string_view kCommandNotFound = "Command Not Found -> ";
constexpr std::string_view kOptionNotFound = "Option Not Found -> ";

// A line with its invisible characters gone and NO-BREAK SPACE turned into a blank (E9).
struct Line {
  std::string text;   // every other character outside 0x20–0x7E and TAB as `?`
  bool ascii = true;  // there was no such other character
};

Line clean(std::string_view raw) {
  Line line;
  line.text.reserve(raw.size());
  for (std::size_t at = 0; at < raw.size();) {
    const char32_t c = next_character(raw, at);
    if (is_zero_width(c)) continue;
    const bool known = (c >= 0x20 && c <= 0x7E) || c == '\t' || c == kNoBreakSpace;
    line.ascii = line.ascii && known;
    line.text += !known ? '?' : c == kNoBreakSpace ? ' ' : static_cast<char>(c);
  }
  return line;
}

// The lines of a text, whichever of CRLF, LF and CR ends them (D).
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}

  std::optional<std::string_view> next() {
    if (rest_.empty()) return std::nullopt;
    const auto end = rest_.find_first_of("\r\n");
    const std::string_view line = rest_.substr(0, end);
    if (end == std::string_view::npos) {
      rest_ = {};
    } else {
      rest_.remove_prefix(end + (rest_.substr(end).starts_with("\r\n") ? 2 : 1));
    }
    return line;
  }

 private:
  std::string_view rest_;
};

// The plan as it grows; knows what was asked for already (E14, G2).
class Planner {
 public:
  void add(const Line& line) {
    const auto words = split_words(line.text);
    const auto command = line.ascii ? command_of(words.front()) : std::nullopt;
    if (!command) return not_found(kCommandNotFound, line);
    switch (*command) {
      case CommandId::getlog:
        return words.size() == 1 ? phone(line) : getlog(words[1], line);
      case CommandId::chpass:
        return change_password(words, line);
      case CommandId::help:
        return help(line);
    }
  }

  Plan finish() && {
    if (plan_.items.empty()) append(PlannedItem::Kind::no_command, {});
    return std::move(plan_);
  }

 private:
  static std::optional<CommandId> command_of(std::string_view word) {
    for (const CommandWord& command : kCommandWords) {
      if (means(word, command.name, command.minimum)) return command.id;
    }
    return std::nullopt;
  }

  PlannedItem& append(PlannedItem::Kind kind, const Line& line) {
    PlannedItem item;
    item.kind = kind;
    item.line = clean_line(line.text, limits::kReplyColumns);
    plan_.items.push_back(std::move(item));
    return plan_.items.back();
  }

  void getlog(std::string_view option, const Line& line) {
    if (means(option, kAllOption, kAllMinimum)) {
      for (const ListWord& word : kListWords) list(word.id, line);
      return;
    }
    for (const ListWord& word : kListWords) {
      if (means(option, word.option, word.minimum)) return list(word.id, line);
    }
    not_found(kOptionNotFound, line);
  }

  void list(ListId id, const Line& line) {
    const auto place = static_cast<std::size_t>(id);
    if (asked_.test(place)) return;
    asked_.set(place);
    append(PlannedItem::Kind::list, line).list = id;
  }

  void phone(const Line& line) {
    if (!std::exchange(phone_asked_, true)) append(PlannedItem::Kind::phone, line);
  }

  void help(const Line& line) {
    if (!std::exchange(help_asked_, true)) append(PlannedItem::Kind::help, line);
  }

  void change_password(const std::vector<std::string_view>& words, const Line& line) {
    append(PlannedItem::Kind::change_password, line).words.assign(words.begin() + 1, words.end());
  }

  void not_found(std::string_view what, const Line& line) {
    if (!not_found_) {
      not_found_ = plan_.items.size();
      append(PlannedItem::Kind::not_found, {});
    }
    plan_.items[*not_found_].replies.push_back(std::string(what) +
                                               clean_line(line.text, limits::kReplyColumns - what.size()));
  }

  Plan plan_;
  std::bitset<kListCount> asked_;
  bool phone_asked_ = false;
  bool help_asked_ = false;
  std::optional<std::size_t> not_found_;  // place of the one item that collects them
};

}  // namespace

Plan ManualCommandParser::parse(std::string_view text) const {
  Planner planner;
  Lines lines(text);
  std::size_t commands = 0;
  while (commands < limits::kCommandsPerMail) {
    const auto raw = lines.next();
    if (!raw) break;
    const Line line = clean(*raw);
    if (line.text == "--" || line.text == "-- ") break;                                          // E11
    if (line.text.empty() || is_blank(line.text.front()) || line.text.front() == '>') continue;  // E2, E11
    ++commands;                                                                                  // E10
    planner.add(line);
  }
  return std::move(planner).finish();
}

}  // namespace remotemail
