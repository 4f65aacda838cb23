// The body of a mail, from its text to its replies: what is planned is bounded, what is answered fits a reply.
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string_view>

#include "core/text.hpp"
#include "remotemail/command_parser/command_parser.hpp"
#include "remotemail/core/limits.hpp"
#include "remotemail/list_formatter/list_formatter.hpp"

using namespace remotemail;

namespace {

void demand(bool condition) {
  if (!condition) std::abort();
}

void demand_line(std::string_view line) {
  demand(line.size() <= limits::kReplyColumns);
  for (const char c : line) demand(is_printable(c));
}

OutcomeValue outcome_of(const PlannedItem& item) {
  using Why = PasswordRefused::Why;
  switch (item.kind) {
    case PlannedItem::Kind::list:
      return ListMissing{item.list, false, {}};
    case PlannedItem::Kind::phone:
      return ListRead{{}, true};
    case PlannedItem::Kind::change_password:
      if (item.words.size() != 2) return PasswordRefused{Why::form};
      if (item.words[0].size() % 2 == 0) return PasswordRefused{Why::old_wrong};
      return PasswordChanged{item.words[1]};
    case PlannedItem::Kind::help:
      return HelpAsked{};
    case PlannedItem::Kind::no_command:
      return HelpAsked{true, {}, {}, {}};
    case PlannedItem::Kind::not_found:
      return NotFound{};
  }
  return NotFound{};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Plan plan = ManualCommandParser().parse(text);

  // Ten lines; ALL is one of them and ten lists.
  demand(!plan.items.empty() && plan.items.size() < kListCount + limits::kCommandsPerMail);
  std::set<ListId> lists;
  std::size_t phones = 0, helps = 0, errors = 0, changes = 0, replies = 0;
  ReplyHead head;
  head.mask_passwords = size % 2 == 0;
  for (const PlannedItem& item : plan.items) {
    demand_line(item.line);
    for (const std::string& reply : item.replies) {
      demand_line(reply);
      demand(reply.starts_with("Command Not Found -> ") || reply.starts_with("Option Not Found -> "));
    }
    replies += item.replies.size();
    phones += item.kind == PlannedItem::Kind::phone;
    helps += item.kind == PlannedItem::Kind::help;
    errors += item.kind == PlannedItem::Kind::not_found;
    changes += item.kind == PlannedItem::Kind::change_password;
    if (item.kind == PlannedItem::Kind::list) demand(lists.insert(item.list).second);
    if (item.kind == PlannedItem::Kind::no_command) demand(plan.items.size() == 1);
    demand(item.replies.empty() == (item.kind != PlannedItem::Kind::not_found));

    const bool phone = item.kind == PlannedItem::Kind::phone;
    const ReplyText reply = PlainTextFormatter().format(head, Outcome{item, outcome_of(item)});
    demand(!reply.topic.empty() && reply.body.ends_with('\n'));
    std::size_t lines = 0;
    for (const std::string_view line : split(reply.body, '\n')) {
      demand_line(line);
      demand(!phone || line.size() <= limits::kPhoneColumns);
      ++lines;
    }
    demand(!phone || lines - 1 <= limits::kPhoneLines);
  }
  demand(phones <= 1 && helps <= 1 && errors <= 1 && replies + changes <= limits::kCommandsPerMail);

  // Nothing behind a signature is read.
  const Plan again = ManualCommandParser().parse(std::string(text) + "\n-- \nHELP\nGETLOG ALL\n");
  demand(again.items.size() == plan.items.size());
  return 0;
}
