// The CE desk: a small mail client for somebody who has never mailed a copier before.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text.hpp"
#include "remotemail/core/limits.hpp"
#include "web/assets/stylesheet_part.hpp"
#include "web/ce_desk/command_sheet.hpp"
#include "web/ce_desk/desk.hpp"
#include "web/pages/parts.hpp"
#include "web/site.hpp"

namespace remotemail::web {
namespace {

constexpr std::string_view kDesk = "/ce-desk";
constexpr std::string_view kAnswers = "/ce-desk/answers";
constexpr std::string_view kNews = "/ce-desk/answers.json";
constexpr std::size_t kLine = 200;
constexpr std::size_t kShownText = 64 * 1024;  // of answers on one page; the others are a click away
constexpr unsigned kRefreshSeconds = 2;
constexpr std::chrono::seconds kOld{10};  // what was seen of the mailbox before counts as yesterday's

std::string_view asked(const Visit& visit, std::string_view name) {
  const auto found = visit.request.query.find(name);
  return found == visit.request.query.end() ? std::string_view{} : std::string_view(found->second);
}

// --- the form ---

struct DeskForm {
  std::string body;
  std::string_view subject_error, body_error, error;  // keys of texts
  bool wrong() const { return !subject_error.empty() || !body_error.empty() || !error.empty(); }
};

Html described(std::string_view id, std::string_view error, std::string_view help) {
  return (error.empty() ? Html()
                        : element("p", {{"class", "error"}, {"id", std::string(id) + "-error"}}, error)) +
         element("p", {{"class", "help"}, {"id", std::string(id) + "-help"}}, help);
}

Html field(std::string_view id, std::string_view label, const std::string& error, std::string_view help,
           MarkupName control, Attributes attributes, const Html& inside, const Html& more = {}) {
  const std::string help_id = std::string(id) + "-help";
  attributes.push_back({"id", id});
  attributes.push_back({"aria-describedby", error.empty() ? help_id : std::string(id) + "-error " + help_id});
  attributes.push_back({"aria-invalid", "true", !error.empty()});
  return element("div", {{"class", error.empty() ? "field" : "field wrong"}},
                 element("label", {{"for", id}}, label) + element(control, std::move(attributes), inside) +
                     described(id, error, help) + more);
}

std::string said(const Texts& texts, std::string_view label, std::string_view error) {
  return error.empty() ? std::string() : fmt::format("{} {}", texts(label), texts(error));
}

Html summary(const Texts& texts, const DeskForm& form) {
  if (!form.wrong()) return {};
  Html items;
  if (!form.error.empty()) items += element("li", texts(form.error));
  if (!form.subject_error.empty())
    items += element("li", link_to("#f-subject", said(texts, "desk.subject", form.subject_error)));
  if (!form.body_error.empty())
    items += element("li", link_to("#f-body", said(texts, "desk.body", form.body_error)));
  return notice("error", element("h2", texts("desk.refused")) + element("ul", items), true);
}

Html address_field(const Visit& visit, std::string_view id, std::string_view label,
                   const std::string& address) {
  return element(
      "div", {{"class", "field"}},
      element("label", {{"for", id}}, visit.texts()(label)) +
          element("input", {{"type", "text"}, {"id", id}, {"value", address}, {"readonly", true}}));
}

Html command_form(const Visit& visit, const DeskForm& form) {
  const Texts& texts = visit.texts();
  const auto settings = visit.agent().settings();
  const CeDeskAccount& account = *visit.site.ports().ce_desk;
  const bool as_text = asked(visit, "show") == "yes";
  const std::string command = form.body.empty() ? std::string(asked(visit, "command")) : form.body;
  std::string other = std::string(kDesk) + "?show=" + (as_text ? "no" : "yes");
  if (!command.empty() && !visit.posted()) other += "&command=" + encode_query_value(command);
  const Html show =
      element("p", {{"class", "help"}}, link_to(other, texts(as_text ? "desk.hide" : "desk.show")));
  // The password is never written back into a page: after a mistake it is typed again.
  const Html fields =
      address_field(visit, "f-from", "desk.from", account.address) +
      address_field(visit, "f-to", "desk.to", settings->reception.address) +
      field("f-subject", texts("desk.subject"), said(texts, "desk.subject", form.subject_error),
            texts("desk.subject.help"), "input",
            {{"type", as_text ? "text" : "password"},
             {"name", "subject"},
             {"autocomplete", "off"},
             {"spellcheck", "false"},
             {"autofocus", form.body_error.empty()}},
            {}, show) +
      field(
          "f-body", texts("desk.body"), said(texts, "desk.body", form.body_error), texts("desk.body.help"),
          "textarea",
          {{"name", "body"}, {"rows", "6"}, {"spellcheck", "false"}, {"autofocus", !form.body_error.empty()}},
          command.empty() && !visit.posted() ? Html("GETLOG COUNTER") : Html(command)) +
      element("p", {{"class", "actions"}}, button(texts("desk.send"), "main"));
  return element("section", {{"class", "card"}, {"aria-labelledby", "write"}},
                 element("h2", {{"id", "write"}}, texts("desk.write")) +
                     visit.form("/ce-desk/send", fields, {{"novalidate", true}, {"autocomplete", "off"}}));
}

// --- what became of it ---

Html status_of_sending(const Visit& visit, const DeskView& view) {
  using Sending = DeskView::Sending;
  const Texts& texts = visit.texts();
  switch (view.sending) {
    case Sending::nothing:
      return {};
    case Sending::waiting:
      return element("p", {{"class", "busy"}}, texts("desk.waiting"));
    case Sending::under_way:
      return element("p", {{"class", "busy"}}, Html(texts("desk.sending")) + " " + Html(words(view.step)));
    case Sending::failed:
      return notice("error", paragraph(texts("desk.failed")) +
                                 (view.send_error ? paragraph(describe(*view.send_error)) : Html()));
    case Sending::sent:
      break;
  }
  return paragraph(texts("desk.sent"));
}

Html status_of_answer(const Visit& visit, const DeskView& view) {
  using Answer = DeskView::Answer;
  const Texts& texts = visit.texts();
  if (view.answer == Answer::none) return {};
  if (view.answer == Answer::arrived) return notice("good", paragraph(texts("desk.arrived")));
  const std::string come = fmt::format("{} / {}", view.answers.size(), view.expected);
  if (!view.answers.empty())
    return view.answer == Answer::awaited
               ? element("p", {{"class", "busy"}}, Html(texts("desk.awaiting_more")) + " " + come)
               : notice("warning", paragraph(texts("desk.some")) + paragraph(come));
  Html all = view.answer == Answer::awaited ? element("p", {{"class", "busy"}}, texts("desk.awaited"))
                                            : notice("warning", paragraph(texts("desk.given_up")));
  if (view.poll_state == "disabled")
    all += notice("warning", paragraph(texts("desk.hint.disabled")));
  else if (view.poll_state == "off")
    all += notice("warning", paragraph(texts("desk.hint.off")));
  else if (view.poll_error)
    all += notice("error", paragraph(texts("desk.hint.failed")) + paragraph(describe(*view.poll_error)));
  if (view.illegal) all += notice("warning", paragraph(texts("desk.hint.illegal")));
  return all;
}

Html status(const Visit& visit, const DeskView& view) {
  if (view.sending == DeskView::Sending::nothing) return {};
  return element("section", {{"class", "card"}, {"aria-labelledby", "sent"}},
                 element("h2", {{"id", "sent"}}, visit.texts()("desk.sent_mail")) +
                     element("p", {{"class", "said-lines"}}, view.command) + status_of_sending(visit, view) +
                     status_of_answer(visit, view));
}

// --- mails ---

std::string_view subject_of(const Texts& texts, const DeskMail& mail) {
  return mail.subject.empty() ? texts("desk.mail.no_subject") : std::string_view(mail.subject);
}
std::string_view sender_of(const Texts& texts, const DeskMail& mail) {
  return mail.from.empty() ? texts("desk.mail.unreadable") : std::string_view(mail.from);
}

Html opened(const Visit& visit, const DeskMail& mail) {
  const Texts& texts = visit.texts();
  Html head = Html(sender_of(texts, mail));
  if (mail.date) head += Html(" - ") + local_time(texts, *visit.agent().settings(), *mail.date);
  return element(
      "article", {{"class", "mail"}},
      element("h2", subject_of(texts, mail)) + element("p", {{"class", "from"}}, head) +
          element("pre", {{"tabindex", "0"}},
                  trim(mail.text).empty() ? texts("desk.mail.empty") : std::string_view(mail.text)) +
          (mail.cut ? paragraph(texts("desk.mail.cut")) : Html()));
}

// The mail asked for, or the answers to the latest command as far as they fit on a page.
Html opened_mails(const Visit& visit, const DeskView& view) {
  if (const std::string_view wanted = asked(visit, "mail"); !wanted.empty()) {
    const auto number = parse_number<std::uint64_t>(wanted).value_or(0);
    const auto found = std::ranges::find(*view.mails, number, &DeskMail::number);
    return found == view.mails->end() ? notice("info", paragraph(visit.texts()("desk.mail.gone")))
                                      : opened(visit, *found);
  }
  Html all;
  std::size_t shown = 0;
  for (const std::uint64_t number : view.answers) {
    const auto found = std::ranges::find(*view.mails, number, &DeskMail::number);
    if (found == view.mails->end() || (shown > 0 && shown + found->text.size() > kShownText)) continue;
    shown += found->text.size();
    all += opened(visit, *found);
  }
  return all;
}

Html mail_table(const Visit& visit, const DeskView& view) {
  const Texts& texts = visit.texts();
  Html rows;
  for (const DeskMail& mail : *view.mails) {
    const std::string path = std::string(kAnswers) + "?mail=" + std::to_string(mail.number);
    rows += element(
        "tr",
        element("td", {{"data-name", texts("desk.mail.subject")}}, link_to(path, subject_of(texts, mail))) +
            element("td", {{"data-name", texts("desk.mail.from")}}, breakable(sender_of(texts, mail))) +
            element("td", {{"data-name", texts("desk.mail.date")}},
                    mail.date ? local_time(texts, *visit.agent().settings(), *mail.date) : Html()));
  }
  const auto head = [&](std::string_view key) { return element("th", {{"scope", "col"}}, texts(key)); };
  return element("table", {{"class", "log"}},
                 element("caption", texts("desk.mailbox.latest")) +
                     element("thead", element("tr", head("desk.mail.subject") + head("desk.mail.from") +
                                                        head("desk.mail.date"))) +
                     element("tbody", rows));
}

Html mailbox(const Visit& visit, const DeskView& view) {
  const Texts& texts = visit.texts();
  Html inside = element("h2", {{"id", "mailbox"}}, texts("desk.mailbox"));
  if (view.reading) inside += element("p", {{"class", "busy"}}, texts("desk.reading"));
  if (view.read_error)
    inside += notice("error", paragraph(texts("desk.read_failed")) + paragraph(describe(*view.read_error)));
  if (!view.mails->empty())
    inside += mail_table(visit, view);
  else if (view.was_read && !view.read_error)
    inside += paragraph(texts("desk.none"));
  return element("section", {{"class", "card"}, {"aria-labelledby", "mailbox"}}, inside);
}

// What moves by itself: a script puts it in anew while something is under way; from `page` where a form led here.
Html live(const DeskView& view, const Html& inside, std::string_view page = {}) {
  return element("div",
                 {{"id", "live"},
                  {"aria-live", "polite"},
                  {"data-live", kNews, view.busy()},
                  {"data-page", page, !page.empty()},
                  {"data-every", "700"},
                  {"data-version", std::to_string(view.version)}},
                 inside);
}

Html look_form(const Visit& visit) {
  return visit.form("/ce-desk/look",
                    element("p", {{"class", "actions"}}, button(visit.texts()("desk.look"))));
}

// --- pages ---

Response desk_page(const Visit& visit, const DeskForm& form, int status_code) {
  const Texts& texts = visit.texts();
  Desk& desk = visit.site.desk();
  DeskView view = desk.view();
  if (!view.was_read || visit.site.ports().clock.steady_now() - view.read_at > kOld) {
    desk.look();
    view = desk.view();
  }
  const std::string& note = visit.site.ports().ce_desk->note;
  Html main = stylesheet_part("/ce-desk.css") + summary(texts, form) + paragraph(texts("desk.what"));
  if (!note.empty()) main += notice("info", paragraph(note));
  const bool has_address = !visit.agent().settings()->reception.address.empty();
  const Html write =
      has_address
          ? command_form(visit, form)
          : notice("warning",
                   paragraph(texts("desk.no_address")) +
                       element("p", link_to("/maintenance/reception", texts("desk.no_address.link"))));
  main += element("div", {{"class", "desk"}}, write + command_sheet(visit)) +
          live(view, mailbox(visit, view), kDesk) + look_form(visit);
  return visit.page(texts("desk.title"), main, status_code);
}

Response desk_page(Visit& visit) {
  return desk_page(visit, {}, 200);
}

Response answers_page(Visit& visit) {
  const Texts& texts = visit.texts();
  const DeskView view = visit.site.desk().view();
  const bool one = !asked(visit, "mail").empty();
  const Html links = element("p", {{"class", "links"}},
                             link_to(kDesk, texts("desk.again")) + link_to(kAnswers, texts("desk.answers")));
  const Html main =
      stylesheet_part("/ce-desk.css") + links +
      live(view, (one ? Html() : status(visit, view)) + opened_mails(visit, view) + mailbox(visit, view)) +
      look_form(visit);
  if (view.busy() && !one) return visit.page_that_refreshes(texts("desk.answers"), main, kRefreshSeconds);
  return visit.page(texts("desk.answers"), main);
}

Response news(Visit& visit) {
  const DeskView view = visit.site.desk().view();
  Response response;
  response.content_type = "application/json";
  response.body = fmt::format("{{\"version\": \"{}\", \"busy\": {}}}\n", view.version, view.busy());
  return response;
}

std::string with_lf(std::string_view text) {
  std::string made(text);
  std::erase(made, '\r');
  if (!made.empty() && made.back() != '\n') made += '\n';
  return made;
}

std::string_view wrong_body(const std::string& body) {
  if (trim(body).empty()) return "desk.error.body";
  if (body.size() >= limits::kDefaultMailSize) return "desk.error.long";
  for (const std::string_view line : split(body, '\n')) {
    const bool plain = std::ranges::all_of(line, [](char c) { return is_printable(c) || c == '\t'; });
    if (!plain || line.size() > kLine) return "desk.error.ascii";
  }
  return {};
}

std::string_view wrong_subject(std::string_view subject) {
  if (trim(subject).empty()) return "desk.error.subject";
  const bool one_line =
      std::ranges::none_of(subject, [](char c) { return (c >= 0 && c < 0x20) || c == 0x7F; });
  return one_line && subject.size() <= kLine ? std::string_view{} : "desk.error.subject_form";
}

Response send(Visit& visit) {
  if (!visit.posted()) return see_other(std::string(kDesk));
  DeskForm form;
  form.body = with_lf(visit.request.field("body"));
  const std::string_view subject = visit.request.field("subject");
  form.subject_error = wrong_subject(subject);
  form.body_error = wrong_body(form.body);
  if (visit.agent().settings()->reception.address.empty()) form.error = "desk.no_address";
  if (form.wrong()) return desk_page(visit, form, 422);
  CommandMail mail{Secret(std::string(subject)), form.body};
  if (!visit.site.desk().send(std::move(mail))) {
    form.error = "desk.error.busy";
    return desk_page(visit, form, 409);
  }
  return see_other(std::string(kAnswers));
}

Response look(Visit& visit) {
  if (visit.posted()) visit.site.desk().look();
  return see_other(std::string(kAnswers));
}

constexpr std::array<Route, 5> kRoutes{{
    {kDesk, Access::at_machine, false, desk_page},
    {kAnswers, Access::at_machine, false, answers_page},
    {kNews, Access::at_machine, false, news},
    {"/ce-desk/send", Access::at_machine, true, send},
    {"/ce-desk/look", Access::at_machine, true, look},
}};

}  // namespace

std::span<const Route> ce_desk_routes() {
  return kRoutes;
}

}  // namespace remotemail::web
