// Key operator mode, 1 System initial setting, 4 E-mail transmission setting (B1–B3): the web page's settings, checks and
// words, applied the same way (B16).
#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "web/pages/parts.hpp"
#include "web/pages/setting_form.hpp"
#include "web/panel/panel_frame.hpp"
#include "web/site.hpp"

namespace remotemail::web {
namespace {

constexpr std::array<std::string_view, 4> kKeys{"transmission.manager_address",
                                                "transmission.time_difference", "transmission.smtp_server",
                                                "transmission.email_transmission"};

std::vector<const SettingSpec*> settings_on_panel() {
  std::vector<const SettingSpec*> all;
  for (const std::string_view key : kKeys) all.push_back(find_setting(key));
  return all;
}

Html told(const Visit& visit, const ApplyReport& report) {
  const Texts& texts = visit.texts();
  if (report.changed.empty()) return confirmation(visit, texts("applied.nothing"));
  std::string said(texts("applied.what"));
  for (const std::string& key : report.changed) {
    const SettingSpec* spec = find_setting(key);
    const bool blanked = std::ranges::find(report.blanked, key) != report.blanked.end();
    if (spec && !blanked) said += fmt::format(" {}.", spec->label);
  }
  if (!report.blanked.empty()) {
    said += ' ';
    said += texts("applied.blanked");
    for (const std::string& key : report.blanked) {
      if (const SettingSpec* spec = find_setting(key)) said += fmt::format(" {}.", spec->label);
    }
  }
  return confirmation(visit, said);
}

Response email_display(const Visit& visit, const FormView& form, const Html& said, int status) {
  const Texts& texts = visit.texts();
  const auto fields = settings_on_panel();
  const StoredSettings stored = visit.agent().stored_settings();
  Display display;
  display.title = texts("panel.email");
  display.content = error_summary(visit, fields, form) + paragraph(texts("panel.email.what")) +
                    visit.form(kEmailSetting,
                               setting_fields(visit, fields, stored, form) +
                                   element("p", {{"class", "actions"}},
                                           button(texts("panel.ok"), "main") +
                                               link_to(kSystemSetting, texts("panel.back"))),
                               {{"novalidate", true}, {"data-guard", texts("form.unsaved")}});
  return panel_page(visit, visit.site.ports().panel->view(), display, said, status);
}

Response refused(const Visit& visit, FormView form, const ApplyReport& report) {
  for (const FieldError& error : report.errors) form.errors.emplace(error.key, error.message);
  const bool elsewhere = report.error && report.error->cause == Cause::changed_elsewhere;
  const Html said = report.error && form.notes.empty() ? refusal(visit, describe(*report.error)) : Html();
  return email_display(visit, form, said, !form.notes.empty() || elsewhere ? 409 : report.error ? 503 : 422);
}

}  // namespace

Response email_page(Visit& visit) {
  InHand& in_hand = visit.site.in_hand();
  if (!visit.posted()) {
    const auto report = in_hand.told(visit.session.id, kEmailSetting);
    return email_display(visit, {}, report ? told(visit, *report) : Html(), 200);
  }
  if (const std::string_view dark = dark_reason(visit.site.ports().panel->view()); !dark.empty())
    return email_display(visit, {}, refusal(visit, visit.texts()(dark)), 409);
  SentForm sent = read_form(visit, visit.agent().stored_settings());
  // The panel sets what it shows and nothing else, whatever a form brings.
  std::erase_if(sent.texts,
                [](const auto& each) { return std::ranges::find(kKeys, each.first) == kKeys.end(); });
  if (!sent.view.notes.empty() || !sent.view.errors.empty()) return refused(visit, std::move(sent.view), {});
  ApplyReport report = visit.agent().apply(sent.texts, sent.seen);
  if (!report.ok()) {
    if (report.error && report.error->cause == Cause::changed_elsewhere)
      sent.view.notes = read_form(visit, visit.agent().stored_settings()).view.notes;
    return refused(visit, std::move(sent.view), report);
  }
  in_hand.tell(visit.session.id, kEmailSetting, std::move(report));
  return see_other(std::string(kEmailSetting));
}

}  // namespace remotemail::web
