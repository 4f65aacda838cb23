#include "web/ce_desk/command_sheet.hpp"

#include <string>

#include "remotemail/core/commands.hpp"
#include "web/pages/parts.hpp"
#include "web/site.hpp"

namespace remotemail::web {
namespace {

const CommandWord& word_of(CommandId id) {
  return kCommandWords[static_cast<std::size_t>(id)];
}

}  // namespace

Html command_sheet(const Visit& visit) {
  const Texts& texts = visit.texts();
  Html rows;
  const auto row = [&](const std::string& command, const std::string& shortest, std::string_view answer) {
    const std::string path = "/ce-desk?command=" + encode_query_value(command) + "#f-body";
    rows += element("tr", element("th", {{"scope", "row"}}, link_to(path, command)) +
                              element("td", element("code", shortest)) + element("td", answer));
  };
  const std::string get(word_of(CommandId::getlog).name), g(word_of(CommandId::getlog).minimum);
  row(get, g, kPhoneTitle);
  for (const ListWord& list : kListWords)
    row(get + " " + std::string(list.option), g + " " + std::string(list.minimum), list.title);
  row(get + " " + std::string(kAllOption), g + " " + std::string(kAllMinimum), texts("desk.sheet.all"));
  row(std::string(word_of(CommandId::chpass).name) + " old new",
      std::string(word_of(CommandId::chpass).minimum) + " old new", texts("desk.sheet.chpass"));
  row(std::string(word_of(CommandId::help).name), std::string(word_of(CommandId::help).minimum),
      texts("desk.sheet.help"));
  const auto head = [&](std::string_view key) { return element("th", {{"scope", "col"}}, texts(key)); };
  return element("section", {{"class", "card"}, {"aria-labelledby", "sheet"}},
                 element("h2", {{"id", "sheet"}}, texts("desk.sheet")) + paragraph(texts("desk.sheet.what")) +
                     element("table", element("thead", element("tr", head("desk.sheet.command") +
                                                                         head("desk.sheet.shortest") +
                                                                         head("desk.sheet.answer"))) +
                                          element("tbody", rows)));
}

}  // namespace remotemail::web
