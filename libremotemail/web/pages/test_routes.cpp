// The tests (C1–C4) and the doctor: begun by a form, done in the background, watched step by step.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text.hpp"
#include "web/pages/parts.hpp"
#include "web/site.hpp"

namespace remotemail::web {
namespace {

struct Test {
  std::string_view path;  // "/environment/test"
  JobRequest::Kind kind;
  std::string_view text;             // "test.sending": title; ".what", ".begin"
  std::string_view back, back_text;  // the page its settings stand on
};
constexpr Test kSendingTest{"/environment/test", JobRequest::Kind::sending_test, "test.sending",
                            "/environment/transmission", "page.transmission"};
constexpr Test kRoundTripTest{"/maintenance/test", JobRequest::Kind::round_trip_test, "test.round_trip",
                              "/maintenance/reception", "page.reception"};
constexpr Test kCheck{"/maintenance/check", JobRequest::Kind::check, "check", "/maintenance",
                      "maintenance.title"};

std::string_view title_of(const Visit& visit, const Test& test) {
  return visit.texts()(test.kind == JobRequest::Kind::check ? "check.title" : test.text);
}

Html begin_form(const Visit& visit, const Test& test) {
  return visit.form(test.path, element("p", {{"class", "actions"}},
                                       button(visit.texts()(std::string(test.text) + ".begin"), "main")));
}

Response start_page(const Visit& visit, const Test& test, const Html& above, int status) {
  const Texts& texts = visit.texts();
  return visit.page(title_of(visit, test),
                    above + paragraph(texts(std::string(test.text) + ".what")) +
                        paragraph(texts("test.as_applied")) + begin_form(visit, test) +
                        element("p", {{"class", "links"}}, link_to(test.back, texts(test.back_text))),
                    status);
}

Response begin(const Visit& visit, const Test& test) {
  const Texts& texts = visit.texts();
  const auto refuse = [&](std::string_view why, int status) {
    return start_page(visit, test, notice("error", paragraph(why), true), status);
  };
  if (test.kind != JobRequest::Kind::check && is_off(visit.agent().status().device))
    return refuse(texts("test.off"), 409);
  // One at a time of a kind: whoever asks again looks at the one under way.
  InHand& in_hand = visit.site.in_hand();
  std::uint64_t id = in_hand.latest_job(test.path);
  const auto latest = id == 0 ? std::nullopt : visit.agent().progress(id);
  if (!latest || latest->done) {
    JobRequest request;
    request.kind = test.kind;
    id = visit.agent().request(request);
    if (id == 0) return refuse(texts("test.too_many"), 503);
    in_hand.note_job(test.path, id);
  }
  return see_other(fmt::format("{}/{}", test.path, id));
}

// How often each step was begun, in the order in which they were begun first: a log-in that is tried twenty times is one line.
struct StepCount {
  std::string_view words;
  std::size_t times;
};
std::vector<StepCount> counted(const std::vector<Step>& steps) {
  std::vector<StepCount> all;
  for (const Step step : steps) {
    const std::string_view said = words(step);
    if (said.empty()) continue;
    const auto known = std::ranges::find(all, said, &StepCount::words);
    if (known == all.end())
      all.push_back({said, 1});
    else
      ++known->times;
  }
  return all;
}

std::string_view look_of(Finding::Kind kind) {
  switch (kind) {
    case Finding::Kind::passed:
      return "good";
    case Finding::Kind::note:
      return "warning";
    case Finding::Kind::failed:
      return "error";
    case Finding::Kind::skipped:
      return "plain";
  }
  return "plain";
}

// Findings of one part stand together.
Html findings(const std::vector<Finding>& all) {
  Html parts, rows;
  std::string_view part;
  const auto close = [&] {
    if (!rows.empty())
      parts +=
          element("section", {{"class", "card"}},
                  element("h2", {{"class", "part"}}, part) + element("ul", {{"class", "findings"}}, rows));
    rows = {};
  };
  for (const Finding& finding : all) {
    if (finding.part != part) close();
    part = finding.part;
    Html row =
        element("span", {{"class", "badge " + std::string(look_of(finding.kind))}}, words(finding.kind)) +
        " ";
    if (!finding.what.empty()) row += element("strong", finding.what) + " ";
    rows += element("li", row + element("span", finding.words));
  }
  close();
  return parts;
}

Html steps_list(const JobProgress& progress, const Texts& texts) {
  Html items;
  const std::vector<StepCount> steps = counted(progress.steps);
  const std::string_view now =
      progress.done || progress.steps.empty() ? std::string_view{} : words(progress.steps.back());
  for (const StepCount& step : steps) {
    const bool under_way = step.words == now;
    const std::string times = step.times > 1 ? fmt::format(" ({} x)", step.times) : "";
    items += element("li", {{"class", under_way ? "now" : "past"}, {"aria-current", "step", under_way}},
                     std::string(step.words) + times);
  }
  if (items.empty()) return progress.done ? Html() : element("p", {{"class", "busy"}}, texts("test.waiting"));
  return element("ol", {{"class", "steps"}}, items);
}

Response not_known(const Visit& visit, const Test& test) {
  return start_page(visit, test, notice("info", paragraph(visit.texts()("test.gone"))), 404);
}

std::size_t version_of(const JobProgress& progress) {
  return progress.steps.size() + progress.findings.size() + (progress.done ? 1 : 0);
}

// What the script asks for; for others, too, who watch a test.
Response progress_json(const JobProgress& progress) {
  std::string steps, found;
  for (const StepCount& step : counted(progress.steps))
    steps += (steps.empty() ? "" : ",") + json(step.words);
  for (const Finding& finding : progress.findings)
    found +=
        fmt::format(R"({}{{"result":{},"part":{},"what":{},"words":{}}})", found.empty() ? "" : ",",
                    json(words(finding.kind)), json(finding.part), json(finding.what), json(finding.words));
  Response response;
  response.content_type = "application/json";
  response.body = fmt::format(R"({{"version":"{}","done":{},"steps":[{}],"findings":[{}],"error":{}}})",
                              version_of(progress), progress.done, steps, found,
                              progress.error ? json(describe(*progress.error)) : "null");
  return response;
}

Response watch(const Visit& visit, const Test& test, const JobProgress& progress, std::uint64_t id) {
  const Texts& texts = visit.texts();
  const std::string own = fmt::format("{}/{}", test.path, id);
  Html live = steps_list(progress, texts) + findings(progress.findings);
  if (progress.error) live += notice("error", paragraph(describe(*progress.error)));
  if (progress.done) {
    const bool failed = progress.error || std::ranges::any_of(progress.findings, [](const Finding& finding) {
                          return finding.kind == Finding::Kind::failed;
                        });
    const bool nothing = progress.findings.empty();
    live = notice(failed    ? "error"
                  : nothing ? "warning"
                            : "good",
                  paragraph(texts(failed    ? "test.failed"
                                  : nothing ? "test.nothing"
                                            : "test.passed"))) +
           live + begin_form(visit, test) +
           element("p", {{"class", "links"}}, link_to(test.back, texts(test.back_text)));
    return visit.page(title_of(visit, test), element("div", {{"id", "live"}}, live));
  }
  // The link goes with what it refreshes: when the test is done, nothing is left to ask for.
  live = element("p", {{"class", "busy"}}, texts("test.running")) + live +
         element("p", {{"class", "links"}}, link_to(own, texts("refresh")));
  return visit.page_that_refreshes(title_of(visit, test),
                                   element("div",
                                           {{"id", "live"},
                                            {"aria-live", "polite"},
                                            {"data-live", own + "/progress.json"},
                                            {"data-every", "700"},
                                            {"data-version", std::to_string(version_of(progress))}},
                                           live),
                                   2);
}

Response test_page(Visit& visit, const Test& test) {
  if (visit.request.path == test.path)
    return visit.posted() ? begin(visit, test) : start_page(visit, test, {}, 200);
  std::string_view rest = std::string_view(visit.request.path).substr(test.path.size() + 1);
  constexpr std::string_view kJson = "/progress.json";
  const bool as_json = rest.ends_with(kJson);
  if (as_json) rest.remove_suffix(kJson.size());
  const auto id = parse_number(rest);
  const auto progress =
      id && visit.site.in_hand().began(test.path, *id) ? visit.agent().progress(*id) : std::nullopt;
  if (!progress) return not_known(visit, test);
  return as_json ? progress_json(*progress) : watch(visit, test, *progress, *id);
}

Response sending_test(Visit& visit) {
  return test_page(visit, kSendingTest);
}
Response round_trip_test(Visit& visit) {
  return test_page(visit, kRoundTripTest);
}
Response check(Visit& visit) {
  return test_page(visit, kCheck);
}

constexpr std::array<Route, 6> kRoutes{{
    {kSendingTest.path, Access::operator_, true, sending_test},
    {"/environment/test/*", Access::operator_, false, sending_test},
    {kRoundTripTest.path, Access::maintenance, true, round_trip_test},
    {"/maintenance/test/*", Access::maintenance, false, round_trip_test},
    {kCheck.path, Access::maintenance, true, check},
    {"/maintenance/check/*", Access::maintenance, false, check},
}};

}  // namespace

std::span<const Route> test_routes() {
  return kRoutes;
}

}  // namespace remotemail::web
