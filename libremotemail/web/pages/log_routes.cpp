// The mail log (C5–C7): the latest ten, and all that is kept, by pages.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text.hpp"
#include "remotemail/core/limits.hpp"
#include "remotemail/core/log_record.hpp"
#include "web/pages/parts.hpp"
#include "web/site.hpp"

namespace remotemail::web {
namespace {

constexpr std::string_view kAll = "/maintenance/log/all";
constexpr std::size_t kOnePage = 50;

std::string_view look_of(LogRecord::Result result) {
  using Result = LogRecord::Result;
  switch (result) {
    case Result::answered:
    case Result::sent:
    case Result::arrived:
      return "good";
    case Result::waiting:
    case Result::duplicate:
    case Result::unanswerable:
      return "plain";
    case Result::illegal:
      return "warning";
    case Result::set_aside:
    case Result::failed:
    case Result::bounced:
      return "error";
  }
  return "plain";
}

Html details(const Visit& visit, const LogRecord& record) {
  const Texts& texts = visit.texts();
  Html pairs;
  if (!record.detail.empty()) pairs += fact(texts("log.detail"), record.detail);
  if (record.direction == LogRecord::Direction::sent)
    pairs += fact(texts("log.attempts"), std::to_string(record.attempts));
  if (record.count > 1) pairs += fact(texts("log.count"), std::to_string(record.count));
  if (!record.message_id.empty()) pairs += fact(texts("log.message_id"), element("code", breakable(record.message_id)));
  pairs += fact(texts("log.number"), std::to_string(record.number));
  return facts(pairs);
}

// Each column says its name for small screens, where a row becomes a card.
Html cell(std::string_view name, const Html& inside) {
  return element("td", {{"role", "cell"}, {"data-name", name}}, inside);
}

Html row(const Visit& visit, const Settings& settings, const LogRecord& record) {
  const Texts& texts = visit.texts();
  const bool sent = record.direction == LogRecord::Direction::sent;
  std::string what = record.what.empty() ? std::string(texts("log.no_words")) : record.what;
  if (record.count > 1) what += fmt::format(" ({} x)", record.count);
  const Html result =
      element("span", {{"class", "badge " + std::string(look_of(record.result))}}, words(record.result));
  return element(
      "tr", {{"role", "row"}},
      cell(texts("log.time"), local_time(texts, settings, record.time)) +
          cell(texts("log.direction"), texts(sent ? "log.sent" : "log.received")) +
          cell(texts("log.other_side"),
               breakable(record.other_side.empty() ? texts("log.nobody")
                                                   : std::string_view(record.other_side))) +
          cell(texts("log.mail"), element("details", element("summary", what) + details(visit, record))) +
          cell(texts("log.result"), result));
}

Html table(const Visit& visit, std::span<const LogRecord> records) {
  const Texts& texts = visit.texts();
  if (records.empty()) return element("p", {{"class", "empty"}}, texts("log.empty"));
  const auto settings = visit.agent().settings();
  Html head;
  for (const char* key : {"log.time", "log.direction", "log.other_side", "log.mail", "log.result"})
    head += element("th", {{"scope", "col"}, {"role", "columnheader"}}, texts(key));
  Html rows;
  for (const LogRecord& record : records) rows += row(visit, *settings, record);
  const std::string caption =
      fmt::format("{} {}", texts("log.caption"), offset_words(*settings, visit.site.ports().clock.now()));
  return element("table", {{"class", "log"}, {"role", "table"}},
                 element("caption", caption) +
                     element("thead", {{"role", "rowgroup"}}, element("tr", {{"role", "row"}}, head)) +
                     element("tbody", {{"role", "rowgroup"}}, rows));
}

Response unreadable(const Visit& visit, const Error& error) {
  return visit.page(visit.texts()("log.title"), notice("error", paragraph(describe(error))), 503);
}

Response latest(Visit& visit) {
  const auto records = visit.agent().log(limits::kLogShown);
  if (!records) return unreadable(visit, records.error());
  const Texts& texts = visit.texts();
  return visit.page(texts("log.title"), paragraph(texts("log.what")) + table(visit, *records) +
                                            element("p", {{"class", "links"}},
                                                    link_to(kAll, texts("log.all")) +
                                                        link_to("/maintenance", texts("maintenance.back"))));
}

Response all(Visit& visit) {
  const auto records = visit.agent().log(limits::kLogKept);
  if (!records) return unreadable(visit, records.error());
  const Texts& texts = visit.texts();
  const std::size_t pages = std::max<std::size_t>(1, (records->size() + kOnePage - 1) / kOnePage);
  const auto asked = visit.request.query.find("page");
  const std::size_t page = std::clamp<std::size_t>(
      asked == visit.request.query.end() ? 1 : parse_number(asked->second).value_or(1), 1, pages);
  const std::size_t begin = (page - 1) * kOnePage;
  const auto shown = std::span(*records).subspan(begin, std::min(kOnePage, records->size() - begin));
  const auto to = [&](std::size_t number, std::string_view key) {
    return element("a", {{"href", fmt::format("{}?page={}", kAll, number)}}, texts(key));
  };
  Html links;
  if (page > 1) links += to(page - 1, "log.newer");
  links += element("span", fmt::format("{} {}/{}", texts("log.page"), page, pages));
  if (page < pages) links += to(page + 1, "log.older");
  return visit.page(texts("log.all.title"),
                    table(visit, shown) +
                        element("nav", {{"class", "links"}, {"aria-label", texts("log.pages")}}, links) +
                        element("p", {{"class", "links"}}, link_to("/maintenance/log", texts("log.latest"))));
}

constexpr std::array<Route, 2> kRoutes{{
    {"/maintenance/log", Access::maintenance, false, latest},
    {kAll, Access::maintenance, false, all},
}};

}  // namespace

std::span<const Route> log_routes() {
  return kRoutes;
}

}  // namespace remotemail::web
