#include "web/pages/enabling.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "web/pages/parts.hpp"

namespace remotemail::web {
namespace {

constexpr std::string_view kEnabling = "/maintenance/reception/enabling";
constexpr HashCost kNoCost{4, 8, 1};  // of a plan that is looked at and thrown away

// The page's own settings, and those of other pages that an error speaks of and that this visitor may set.
std::vector<const SettingSpec*> shown_settings(const Visit& visit, const SettingPage& page,
                                               const FormView& view) {
  std::vector<const SettingSpec*> all = settings_of(page.name);
  for (const SettingSpec& spec : all_settings()) {
    const bool wanted = view.errors.contains(spec.key) || view.typed.contains(spec.key);
    if (wanted && spec.page != page.name && may_set(visit, spec)) all.push_back(&spec);
  }
  return all;
}

Response refused(const Visit& visit, const SettingPage& page, FormView view, const ApplyReport& report) {
  for (const FieldError& error : report.errors) view.errors.emplace(error.key, error.message);
  Html above;
  if (report.error && view.notes.empty()) {
    const Texts& texts = visit.texts();
    above = notice("error", element("h2", texts("applied.not")) + paragraph(describe(*report.error)), true);
  }
  const bool elsewhere = report.error && report.error->cause == Cause::changed_elsewhere;
  return show_settings(visit, page, view, above,
                       !view.notes.empty() || elsewhere ? 409
                       : report.error                   ? 503
                                                        : 422);
}

Response applied(Visit& visit, const SettingPage& page, ApplyReport report) {
  visit.site.in_hand().tell(visit.session.id, page.path, std::move(report));
  return see_other(std::string(page.path));
}

Response apply(Visit& visit, const SettingPage& page, const SettingTexts& texts, const SeenGenerations& seen,
               FormView view) {
  ApplyReport report = visit.agent().apply(texts, seen);
  if (report.ok()) return applied(visit, page, std::move(report));
  if (report.error && report.error->cause == Cause::changed_elsewhere) {
    // Somebody was quicker by a moment, or while the question stood: the same words as if it had been an hour.
    note_changes(visit, visit.agent().stored_settings(), seen, view);
  }
  return refused(visit, page, std::move(view), report);
}

}  // namespace

Response show_settings(const Visit& visit, const SettingPage& page, const FormView& view, const Html& above,
                       int status) {
  const Texts& texts = visit.texts();
  const std::vector<const SettingSpec*> fields = shown_settings(visit, page, view);
  const StoredSettings stored = visit.agent().stored_settings();
  const std::string key = "page." + std::string(page.name);
  Html main = above + error_summary(visit, fields, view) + paragraph(texts(key + ".what"));
  main += visit.form(page.path,
                     setting_fields(visit, fields, stored, view) +
                         element("p", {{"class", "actions"}}, button(texts("apply"), "main")),
                     {{"novalidate", true}, {"data-guard", texts("form.unsaved")}});
  if (page.name == "transmission")
    main +=
        visit.form("/environment/test", element("p", {{"class", "actions"}}, button(texts("test.sending"))));
  else if (page.name == "reception")
    main += visit.form("/maintenance/test",
                       element("p", {{"class", "actions"}}, button(texts("test.round_trip"))));
  return visit.page(texts(key), main, status);
}

Response take_settings(Visit& visit, const SettingPage& page) {
  const StoredSettings now = visit.agent().stored_settings();
  SentForm sent = read_form(visit, now);
  if (!sent.view.notes.empty() || !sent.view.errors.empty())
    return refused(visit, page, std::move(sent.view), {});
  // A look ahead: errors first, and whether there is something to ask.
  PlannedChange plan = plan_change(now, sent.texts, visit.site.ports().random, kNoCost);
  if (!plan.errors.empty()) {
    ApplyReport report;
    report.errors = std::move(plan.errors);
    return refused(visit, page, std::move(sent.view), report);
  }
  if (!plan.enables) return apply(visit, page, sent.texts, sent.seen, std::move(sent.view));
  JobRequest count;
  count.kind = JobRequest::Kind::count_mailbox;
  count.texts = sent.texts;
  const std::uint64_t job = visit.agent().request(count);
  visit.site.in_hand().keep(visit.session.id, {job, std::move(sent.texts), std::move(sent.seen)});
  return see_other(std::string(kEnabling));
}

Response enabling_page(Visit& visit) {
  const Texts& texts = visit.texts();
  InHand& in_hand = visit.site.in_hand();
  const std::optional<Enabling> enabling = in_hand.enabling(visit.session.id);
  if (!enabling) return see_other(std::string(kReceptionPage.path));
  const auto enable = [&] {
    in_hand.drop_enabling(visit.session.id);
    FormView view;
    for (const auto& [key, text] : enabling->texts) {
      const SettingSpec* const spec = find_setting(key);
      if (spec && !spec->is_secret()) view.typed.emplace(key, std::string(text.reveal()));
    }
    return apply(visit, kReceptionPage, enabling->texts, enabling->seen, std::move(view));
  };
  if (visit.posted()) {
    if (visit.request.field("answer") == "yes") return enable();
    in_hand.drop_enabling(visit.session.id);
    return see_other(std::string(kReceptionPage.path));
  }
  const auto progress = visit.agent().progress(enabling->job);
  if (progress && !progress->done) {
    return visit.page_that_refreshes(
        texts("enabling.title"),
        element("div", {{"id", "live"}, {"aria-live", "polite"}, {"data-reload", "1000"}},
                element("p", {{"class", "busy"}}, texts("enabling.counting"))) +
            element("p", link_to(kEnabling, texts("refresh"))),
        2);
  }
  // Asked for with the form that was sent; a mailbox that is as good as empty is no reason to ask again.
  if (progress && !progress->error && progress->count <= kMailsEnabledUnasked &&
      visit.request.method == Request::Method::get)
    return enable();
  Html question;
  if (progress && !progress->error)
    question = notice("warning", paragraph(progress->text));
  else
    question = notice("warning", paragraph(texts("enabling.not_counted")) +
                                     (progress ? paragraph(describe(*progress->error)) : Html()) +
                                     paragraph(texts("enabling.anyway")));
  const auto answer = [&](std::string_view value, std::string_view words, std::string_view look) {
    return element("button",
                   {{"type", "submit"}, {"name", "answer"}, {"value", value}, {"class", look, !look.empty()}},
                   words);
  };
  return visit.page(texts("enabling.title"),
                    question + visit.form(kEnabling, element("p", {{"class", "actions"}},
                                                             answer("yes", texts("enabling.yes"), "main") +
                                                                 answer("no", texts("enabling.no"), ""))));
}

}  // namespace remotemail::web
