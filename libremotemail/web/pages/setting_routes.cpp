// The pages of settings (B4–B35): E-Mail transmission setting, E-Mail reception setting, limits, security.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "web/pages/enabling.hpp"
#include "web/pages/parts.hpp"

namespace remotemail::web {
namespace {

constexpr SettingPage kTransmission{"/environment/transmission", "transmission"};
constexpr SettingPage kLimits{"/environment/limits", "limits"};
constexpr SettingPage kSecurity{"/environment/security", "security"};
constexpr std::string_view kEnabling = "/maintenance/reception/enabling";

Html labels(const std::vector<std::string>& keys) {
  Html items;
  for (const std::string& key : keys) {
    if (const SettingSpec* spec = find_setting(key)) items += element("li", spec->label);
  }
  return element("ul", items);
}

// What the last Apply did (B17, Y3).
Html told(const Visit& visit, const ApplyReport& report) {
  const Texts& texts = visit.texts();
  if (report.changed.empty()) return notice("info", paragraph(texts("applied.nothing")), true);
  Html said = element("h2", texts("applied.title"));
  std::vector<std::string> changed = report.changed;
  std::erase_if(changed, [&](const std::string& key) {
    return std::ranges::find(report.blanked, key) != report.blanked.end();
  });
  said += paragraph(texts("applied.what")) + labels(changed);
  const auto enabled = std::ranges::find(changed, "reception.enabled");
  if (enabled != changed.end())
    said += paragraph(
        texts(visit.agent().settings()->reception.enabled ? "applied.enabled" : "applied.disabled"));
  Html all = notice("good", said, true);
  if (!report.blanked.empty())
    all += notice("warning", paragraph(texts("applied.blanked")) + labels(report.blanked), true);
  return all;
}

// What is missing before the function can be enabled, while it is not (A15).
Html missing(const Visit& visit) {
  const auto settings = visit.agent().settings();
  if (settings->reception.enabled) return {};
  const std::vector<FieldError> all = missing_for_enabling(*settings);
  if (all.empty()) return {};
  std::vector<std::string> keys;
  for (const FieldError& each : all) keys.push_back(each.key);
  return notice("info", paragraph(visit.texts()("missing.what")) + labels(keys));
}

// Y3: what the stored mailbox passwords are sealed with.
Html sealing_key(const Visit& visit) {
  const SealingKey* const key = visit.site.ports().sealing_key;
  if (key == nullptr) return {};
  return element("section", {{"class", "card"}},
                 facts(fact(visit.texts()("security.sealing_key"), key->description())) +
                     element("p", {{"class", "help"}}, visit.texts()("security.sealing_key.what")));
}

Response setting_page(Visit& visit, const SettingPage& page) {
  if (visit.posted()) return take_settings(visit, page);
  Html above;
  if (const auto report = visit.site.in_hand().told(visit.session.id, page.path))
    above = told(visit, *report);
  if (page.path == kReceptionPage.path || page.path == kTransmission.path) above += missing(visit);
  if (page.path == kSecurity.path) above += sealing_key(visit);
  return show_settings(visit, page, {}, above, 200);
}

Response transmission(Visit& visit) {
  return setting_page(visit, kTransmission);
}
Response reception(Visit& visit) {
  return setting_page(visit, kReceptionPage);
}
Response limits(Visit& visit) {
  return setting_page(visit, kLimits);
}
Response security(Visit& visit) {
  return setting_page(visit, kSecurity);
}

constexpr std::array<Route, 5> kRoutes{{
    {kTransmission.path, Access::operator_, true, transmission},
    {kReceptionPage.path, Access::maintenance, true, reception},
    {kEnabling, Access::maintenance, true, enabling_page},
    {kLimits.path, Access::operator_, true, limits},
    {kSecurity.path, Access::operator_, true, security},
}};

}  // namespace

std::span<const Route> setting_routes() {
  return kRoutes;
}

}  // namespace remotemail::web
