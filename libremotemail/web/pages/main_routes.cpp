// The main page: the machine, what the mail function is doing, counters and supplies at a glance.
#include <fmt/format.h>

#include <array>
#include <charconv>

#include "core/crypto/digest.hpp"
#include "core/text.hpp"
#include "web/pages/parts.hpp"
#include "web/site.hpp"

namespace remotemail::web {
namespace {

constexpr std::chrono::seconds kGlanceAge{60};
constexpr std::string_view kPage = "/";

// What the page shows of the machine; asks for news of it when what is known is old.
std::shared_ptr<const MachineGlance> glance_of(const Visit& visit) {
  auto glance = visit.agent().glance();
  const WallTime now = visit.site.ports().clock.now();
  const bool old = !glance || now - glance->at > kGlanceAge || now < glance->at;
  if (old) {
    JobRequest request;
    request.kind = JobRequest::Kind::glance;
    visit.agent().request(request);
  }
  return glance;
}

std::string_view look_of(DeviceState state) {
  if (is_off(state)) return "plain";
  return state == DeviceState::ready || state == DeviceState::low_power ? "good" : "warning";
}

Html badge(std::string_view look, std::string_view said) {
  return element("span", {{"class", "badge " + std::string(look)}}, said);
}

Html machine(const Visit& visit, const AgentStatus& status, const MachineGlance* glance) {
  const Texts& texts = visit.texts();
  const auto settings = visit.agent().settings();
  const auto known = [&](const std::string& text) {
    return Html(text.empty() ? texts("main.unknown") : std::string_view(text));
  };
  const std::string nothing;
  Html pairs = fact(texts("main.state"), badge(look_of(status.device), words(status.device)));
  pairs += fact(texts("main.model"), known(glance ? glance->identity.model : nothing));
  pairs += fact(texts("main.serial"), known(glance ? glance->identity.serial_number : nothing));
  if (!settings->reception.nickname.empty())
    pairs += fact(texts("main.nickname"), settings->reception.nickname);
  Html all = element("h2", {{"id", "machine"}}, texts("main.machine")) + facts(pairs);
  if (is_off(status.device)) all += element("p", {{"class", "note"}}, texts("main.off"));
  return element("section", {{"class", "card"}, {"aria-labelledby", "machine"}}, all);
}

std::string_view work_words(const Texts& texts, const AgentStatus& status) {
  switch (status.work) {
    case AgentStatus::Work::polling:
      return texts("work.polling");
    case AgentStatus::Work::sending:
      return texts("work.sending");
    case AgentStatus::Work::testing:
      return texts("work.testing");
    case AgentStatus::Work::idle:
      break;
  }
  if (is_off(status.device)) return texts("work.off");
  return texts(status.enabled ? "work.idle" : "work.disabled");
}

Html troubles(const Visit& visit, const AgentStatus& status) {
  const Texts& texts = visit.texts();
  Html all;
  const auto add = [&](std::string_view key, const std::optional<Error>& error) {
    if (error) all += element("li", element("strong", texts(key)) + " " + trouble(visit, *error));
  };
  add("trouble.mailbox", status.mailbox_trouble);
  add("trouble.smtp", status.smtp_trouble);
  if (!all.empty()) all = notice("error", element("ul", all));
  Html lines;
  const WallTime now = visit.site.ports().clock.now();
  for (const std::string& line : remarks(status, visit.agent().settings()->utc_offset(now)))
    lines += element("li", line);
  if (status.set_aside > 0)
    lines += element("li", fmt::format("{} {}", status.set_aside, texts("main.set_aside")));
  if (!lines.empty()) all += notice("warning", element("ul", lines));
  return all;
}

Html mail_function(const Visit& visit, const AgentStatus& status) {
  const Texts& texts = visit.texts();
  const auto settings = visit.agent().settings();
  const auto when = [&](const std::optional<WallTime>& time) {
    return time ? local_time(texts, *settings, *time) : Html(texts("main.never"));
  };
  Html pairs = fact(texts("main.enabled"), badge(status.enabled ? "good" : "plain",
                                                 texts(status.enabled ? "choice.yes" : "choice.no")));
  pairs += fact(texts("main.work"), work_words(texts, status));
  pairs += fact(texts("main.last_poll"), when(status.last_poll));
  if (status.enabled) pairs += fact(texts("main.next_poll"), when(status.next_poll));
  pairs += fact(texts("main.waiting"), std::to_string(status.waiting));
  Html how;
  if (!status.enabled)
    how = element("p", Html(texts("main.how")) + " " +
                           link_to("/environment/transmission", texts("page.transmission")) + ", " +
                           link_to("/maintenance/reception", texts("page.reception")));
  return element(
      "section", {{"class", "card"}, {"aria-labelledby", "function"}},
      element("h2", {{"id", "function"}}, texts("main.function")) + troubles(visit, status) + facts(pairs) +
          how +
          element("p", {{"class", "help"}},
                  Html(texts("main.times")) + " " + offset_words(*settings, visit.site.ports().clock.now())));
}

// "42.0 %", and as a bar where it is a number.
Html percentage(const MachineGlance::Value& use) {
  double value = 0;
  const char* const end = use.value.data() + use.value.size();
  const auto [rest, error] = std::from_chars(use.value.data(), end, value);
  Html bar;
  if (error == std::errc{} && rest == end)
    bar = element("meter", {{"min", "0"},
                            {"max", "100"},
                            {"high", "85"},
                            {"optimum", "0"},
                            {"value", use.value},
                            {"aria-label", use.label}});
  return element("span", {{"class", "use"}}, bar + element("span", use.value + " %"));
}

Html at_a_glance(const Visit& visit, const MachineGlance* glance) {
  const Texts& texts = visit.texts();
  Html counters, use;
  if (glance) {
    for (const auto& value : glance->counters) counters += fact(value.label, value.value);
    for (const auto& value : glance->use) use += fact(value.label, percentage(value));
  }
  Html all;
  const auto card = [&](std::string_view id, std::string_view key, const Html& pairs, std::string_view look,
                        const Html& below = {}) {
    all += element("section", {{"class", "card"}, {"aria-labelledby", id}},
                   element("h2", {{"id", id}}, texts(key)) + facts(pairs, look) + below);
  };
  if (!counters.empty())
    card("counters", "main.counters", counters, "numbers",
         element("p", {{"class", "help"}},
                 Html(texts("main.as_of")) + " " + local_time(texts, *visit.agent().settings(), glance->at)));
  if (!use.empty()) card("supplies", "main.supplies", use, "");
  return all;
}

struct Live {
  Html shown;
  std::string version;
};
Live live_part(const Visit& visit) {
  const AgentStatus status = visit.agent().status();
  const auto glance = glance_of(visit);
  Live live;
  live.shown =
      machine(visit, status, glance.get()) + mail_function(visit, status) + at_a_glance(visit, glance.get());
  constexpr std::size_t kDigits = 16;
  live.version = to_hex(sha256(live.shown.markup())).substr(0, kDigits);
  return live;
}

// What came of "Poll now".
Html poll_result(const Visit& visit) {
  const Texts& texts = visit.texts();
  const std::uint64_t id = visit.site.in_hand().latest_job(kPage);
  const auto asked = visit.request.query.find("poll");
  if (id == 0 || asked == visit.request.query.end() || asked->second != std::to_string(id)) return {};
  const auto progress = visit.agent().progress(id);
  if (!progress) return {};
  if (!progress->done)
    return notice("info", element("p", {{"class", "busy"}}, texts("poll.running")) +
                              element("p", link_to(fmt::format("/?poll={}", id), texts("refresh"))));
  const PollReport& report = progress->report;
  if (progress->error) return notice("error", paragraph(describe(*progress->error)));
  if (report.error) return notice("error", paragraph(trouble(visit, *report.error)));
  if (report.state == "off") return notice("warning", paragraph(texts("test.off")));
  if (report.state == "disabled") return notice("warning", paragraph(texts("poll.disabled")));
  return notice("good",
                paragraph(fmt::format("{} {}: {}. {}: {}.", texts("poll.done"), texts("poll.answered"),
                                      report.answered, texts("poll.sent"), report.sent)));
}

Response main_page(Visit& visit) {
  const Texts& texts = visit.texts();
  const bool may_poll = visit.session.rights.operator_;
  if (visit.posted()) {
    if (!may_poll) return see_other("/environment?next=%2F");
    JobRequest request;
    request.kind = JobRequest::Kind::poll;
    const std::uint64_t id = visit.agent().request(request);
    if (id == 0) return see_other("/");
    visit.site.in_hand().note_job(kPage, id);
    return see_other(fmt::format("/?poll={}", id));
  }
  const Live live = live_part(visit);
  Html main;
  if (may_poll)
    main += visit.form("/", element("p", {{"class", "actions"}}, button(texts("poll.now"), "main")));
  main += element(
      "div",
      {{"id", "live"}, {"data-live", "/status.json"}, {"data-every", "3000"}, {"data-version", live.version}},
      element("div", {{"role", "status"}}, may_poll ? poll_result(visit) : Html()) +
          element("div", {{"class", "cards"}}, live.shown));
  main += element("p", {{"class", "links"}}, link_to("/environment", texts("nav.environment")));
  // Nobody asked the machine yet: a moment later it has answered.
  if (!visit.agent().glance() && !is_off(visit.agent().status().device))
    return visit.page_that_refreshes(texts("main.title"), main, 2);
  return visit.page(texts("main.title"), main);
}

Response status_json(Visit& visit) {
  const AgentStatus status = visit.agent().status();
  const auto settings = visit.agent().settings();
  const auto seconds = [](const std::optional<WallTime>& time) {
    return time ? std::to_string(std::chrono::floor<std::chrono::seconds>(time->time_since_epoch()).count())
                : std::string("null");
  };
  Response response;
  response.content_type = "application/json";
  response.body = fmt::format(
      R"({{"version":"{}","state":{},"nickname":{},"enabled":{},"last_poll":{},"next_poll":{},"waiting":{}}})",
      live_part(visit).version, json(words(status.device)), json(settings->reception.nickname),
      status.enabled, seconds(status.last_poll), seconds(status.next_poll), status.waiting);
  return response;
}

constexpr std::array<Route, 2> kRoutes{{
    {kPage, Access::everybody, true, main_page},
    {"/status.json", Access::everybody, false, status_json},
}};

}  // namespace

std::span<const Route> main_routes() {
  return kRoutes;
}

}  // namespace remotemail::web
