#include "web/pages/parts.hpp"

#include <fmt/format.h>

#include "core/text.hpp"
#include "web/site.hpp"

namespace remotemail::web {
namespace {

struct LocalParts {
  int year;
  unsigned month, day;
  long hour, minute, second;
};

LocalParts parts_of(WallTime time, std::chrono::minutes offset) {
  const auto local = std::chrono::floor<std::chrono::seconds>(time) + offset;
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day date{day};
  const auto since = (local - day).count();
  return {static_cast<int>(date.year()),      static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day()),  static_cast<long>(since / 3600),
          static_cast<long>(since / 60 % 60), static_cast<long>(since % 60)};
}

std::string offset_text(std::chrono::minutes offset) {
  const auto minutes = std::chrono::abs(offset).count();
  return fmt::format("{}{:02}{:02}", offset.count() < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

}  // namespace

Html link_to(std::string_view path, std::string_view text) {
  return element("a", {{"href", path}}, text);
}

Html button(std::string_view text, std::string_view look) {
  return element("button", {{"type", "submit"}, {"class", look, !look.empty()}}, text);
}

Html hidden(std::string_view name, std::string_view value) {
  return element("input", {{"type", "hidden"}, {"name", name}, {"value", value}});
}

Html notice(std::string_view look, const Html& inside, bool alert) {
  return element("div", {{"class", "notice " + std::string(look)}, {"role", "alert", alert}}, inside);
}

Html fact(std::string_view name, const Html& value) {
  return element("div", element("dt", name) + element("dd", value));
}

Html facts(const Html& pairs, std::string_view look) {
  return element("dl", {{"class", look, !look.empty()}}, pairs);
}

Html local_time(const Texts& texts, const Settings& settings, WallTime time) {
  const auto months = split_words(texts("months"));
  const LocalParts at = parts_of(time, settings.utc_offset(time));
  const LocalParts utc = parts_of(time, std::chrono::minutes{0});
  return element(
      "time",
      {{"datetime", fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", utc.year, utc.month, utc.day,
                                utc.hour, utc.minute, utc.second)}},
      fmt::format("{} {} {}, {:02}:{:02}:{:02}", at.day,
                  at.month <= months.size() ? std::string(months[at.month - 1]) : std::to_string(at.month),
                  at.year, at.hour, at.minute, at.second));
}

std::string offset_words(const Settings& settings, WallTime time) {
  return "UTC" + offset_text(settings.utc_offset(time));
}

std::string refusal_of(const Texts& texts, const Knock& knock) {
  const auto in_seconds = [&](std::string_view key) {
    return fmt::format("{} {} {}.", texts(key), knock.wait.count(),
                       texts(knock.wait.count() == 1 ? "second" : "seconds"));
  };
  if (knock.result == Knock::Result::too_early) return in_seconds("log_in.too_early");
  std::string said(texts("log_in.wrong"));
  if (knock.wait.count() > 0) said += " " + in_seconds("log_in.next_try");
  return said;
}

bool is_known(const Visit& visit) {
  return visit.local || visit.session.rights.operator_ || visit.session.rights.maintenance;
}

std::string trouble(const Visit& visit, const Error& error) {
  if (is_known(visit)) return describe(error);
  std::string said(words(error.step));
  return said + (said.empty() ? "" : ": ") + std::string(words(error.cause));
}

Html password_field(std::string_view name, std::string_view label, const Html& help, std::string_view error,
                    bool current, bool autofocus) {
  const std::string id = "f-" + std::string(name);
  const std::string help_id = id + "-help", error_id = id + "-error";
  std::string described = help.empty() ? "" : help_id;
  if (!error.empty()) described += (described.empty() ? "" : " ") + error_id;
  Html inside = element("label", {{"for", id}}, label);
  if (!error.empty()) inside += element("p", {{"class", "error"}, {"id", error_id}}, error);
  inside += element("input", {{"type", "password"},
                              {"id", id},
                              {"name", name},
                              {"autocomplete", current ? "current-password" : "new-password"},
                              {"aria-describedby", described, !described.empty()},
                              {"aria-invalid", "true", !error.empty()},
                              {"autofocus", autofocus}});
  if (!help.empty()) inside += element("p", {{"class", "help"}, {"id", help_id}}, help);
  return element("div", {{"class", error.empty() ? "field" : "field wrong"}}, inside);
}

Html menu_item(std::string_view path, std::string_view name, std::string_view what) {
  return element("li", element("a", {{"href", path}},
                               element("span", {{"class", "name"}}, name) + " " +
                                   element("span", {{"class", "what"}}, what)));
}

Html breakable(std::string_view address) {
  const std::size_t at = address.rfind('@');
  if (at == std::string_view::npos) return Html(address);
  return Html(address.substr(0, at + 1)) + element("wbr") + Html(address.substr(at + 1));
}

std::string json(std::string_view text) {
  constexpr std::size_t kMost = 1000;
  std::string out = "\"";
  for (const char c : clean_line(text, kMost)) {
    if (c == '"' || c == '\\')
      out += std::string{'\\', c};
    else if (c == '<')
      out += "\\u003c";
    else
      out += c;
  }
  return out + '"';
}

Html paragraph(std::string_view text) {
  return element("p", text);
}

}  // namespace remotemail::web
