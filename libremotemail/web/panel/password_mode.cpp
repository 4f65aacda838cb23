// 25 mode: the key operator password, which is the operator password (B6, Y1). Whoever stands before the machine has to
// know the present one: the panel is no way around it.
#include <map>
#include <string>

#include "web/pages/parts.hpp"
#include "web/panel/panel_frame.hpp"
#include "web/site.hpp"

namespace remotemail::web {
namespace {

using FieldErrors = std::map<std::string_view, std::string>;

Response password_display(const Visit& visit, const FieldErrors& errors, Html said, int status) {
  const Texts& texts = visit.texts();
  for (const auto& [name, message] : errors)
    said += refusal(visit, link_to("#f-" + std::string(name), message));
  const auto field = [&](std::string_view name, std::string_view label, std::string_view help, bool current) {
    const auto found = errors.find(name);
    const bool wrong = found != errors.end();
    return password_field(name, texts(label), help.empty() ? Html() : Html(texts(help)),
                          wrong ? std::string_view(found->second) : std::string_view{}, current,
                          wrong && found == errors.begin());
  };
  const bool factory = visit.site.log_in().factory_counts(Door::environment);
  Display display;
  display.title = texts("panel.25");
  display.content =
      paragraph(texts("panel.25.what")) + paragraph(texts(factory ? "panel.25.factory" : "panel.25.set")) +
      visit.form(kMode25, field("current", "panel.25.current", "panel.25.current.help", true) +
                              field("new", "panel.25.new", "panel.25.new.help", false) +
                              field("repeated", "panel.25.again", "", false) +
                              element("p", {{"class", "actions"}}, button(texts("panel.ok"), "main")));
  return panel_page(visit, visit.site.ports().panel->view(), display, said, status);
}

}  // namespace

Response password_mode_page(Visit& visit) {
  const Texts& texts = visit.texts();
  if (!visit.posted()) return password_display(visit, {}, latest_press(visit), 200);
  if (const std::string_view dark = dark_reason(visit.site.ports().panel->view()); !dark.empty())
    return password_display(visit, {}, refusal(visit, texts(dark)), 409);
  const Knock knock =
      visit.site.log_in().knock(Door::environment, visit.guest(), visit.request.field("current"));
  FieldErrors errors;
  if (knock.result != Knock::Result::right) {
    errors.emplace("current", refusal_of(texts, knock));
    return password_display(visit, errors, {}, 422);
  }
  const std::string_view chosen = visit.request.field("new");
  if (chosen.empty()) errors.emplace("new", texts("password.missing"));
  if (!chosen.empty() && chosen != visit.request.field("repeated"))
    errors.emplace("repeated", texts("password.differs"));
  if (!errors.empty()) return password_display(visit, errors, {}, 422);
  SettingTexts change;
  change.emplace(password_key(Door::environment), Secret(std::string(chosen)));
  const ApplyReport report = visit.agent().apply(change);
  for (const FieldError& error : report.errors)
    errors.emplace("new", std::string(texts("password.it")) + " " + error.message + ".");
  if (!report.ok())
    return password_display(visit, errors, report.error ? refusal(visit, describe(*report.error)) : Html(),
                            report.error ? 503 : 422);
  // Whoever had logged in with the old one has to do so again; this browser has just shown that it may.
  visit.site.sessions().end_all(true, false, visit.session.id);
  Rights kept;
  kept.operator_ = visit.session.rights.operator_;
  visit.session = visit.site.sessions().log_in(visit.session.id, kept, visit.site.log_in().passwords());
  return see_other(std::string(kMode25) + "?done=password");
}

}  // namespace remotemail::web
