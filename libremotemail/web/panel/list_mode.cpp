// 36 mode: List Output Mode (A1, G12): a list as it is printed now, by the formatter that the mails use.
#include <fmt/format.h>

#include "remotemail/core/commands.hpp"
#include "remotemail/list_formatter/list_formatter.hpp"
#include "web/pages/parts.hpp"
#include "web/panel/panel_frame.hpp"
#include "web/site.hpp"

namespace remotemail::web {
namespace {

constexpr std::string_view kPhone = "PHONE";

Html list_keys(const Visit& visit) {
  Html lines;
  const auto line = [&](std::size_t number, std::string_view value, std::string_view title) {
    lines += element("li", element("button", {{"type", "submit"}, {"name", "list"}, {"value", value}},
                                   fmt::format("{}. {}", number, title)));
  };
  std::size_t number = 0;
  for (const ListWord& word : kListWords) line(++number, word.option, word.title);
  line(++number, kPhone, kPhoneTitle);
  return visit.form(kMode36, element("ul", {{"class", "lines"}}, lines));
}

Response list_display(const Visit& visit, const Html& said, const Html& sheet, int status) {
  const Texts& texts = visit.texts();
  Display display;
  display.title = texts("panel.36");
  display.content = paragraph(texts("panel.36.what")) + list_keys(visit);
  display.below = sheet;
  return panel_page(visit, visit.site.ports().panel->view(), display, said, status);
}

Html printed(const Visit& visit, DeviceList list, bool phone) {
  ReplyHead head;
  head.device = visit.site.ports().panel->view().identity;
  head.requested_by = "operation panel";
  const ReplyText text = PlainTextFormatter().format(head, {{}, ListRead{std::move(list), phone}});
  return element("section", {{"class", "sheet"}, {"aria-label", visit.texts()("panel.36.sheet")}},
                 element("h2", text.topic) + element("pre", {{"tabindex", "0"}}, text.body));
}

}  // namespace

Response list_mode_page(Visit& visit) {
  if (!visit.posted()) return list_display(visit, {}, {}, 200);
  const std::string_view wanted = visit.request.field("list");
  const bool phone = wanted == kPhone;
  const ListWord* found = phone ? &word_of(ListId::counter) : nullptr;
  for (const ListWord& word : kListWords) {
    if (word.option == wanted) found = &word;
  }
  if (!found) return list_display(visit, refusal(visit, visit.texts()("panel.36.which")), {}, 422);
  auto list = visit.site.ports().panel->print_list(found->id);
  if (!list) return list_display(visit, refusal(visit, press_words(list.error())), {}, 409);
  return list_display(visit, {}, printed(visit, std::move(*list), phone), 200);
}

}  // namespace remotemail::web
