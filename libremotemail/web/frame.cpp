#include "web/frame.hpp"

#include "web/pages/parts.hpp"
#include "web/site.hpp"

namespace remotemail::web {
namespace {

// Where one is: the page itself, or a page below it.
Html nav_item(std::string_view path, std::string_view text, std::string_view here) {
  const bool below = path != "/" && here.starts_with(std::string(path) + "/");
  return element(
      "li",
      element("a", {{"href", path}, {"aria-current", "page", path == here}, {"aria-current", "true", below}},
              text));
}

Html navigation(const Visit& visit) {
  const Texts& texts = visit.texts();
  const std::string_view here = visit.request.path;
  Html items =
      nav_item("/", texts("nav.main"), here) + nav_item("/environment", texts("nav.environment"), here);
  if (visit.session.rights.maintenance) items += nav_item("/maintenance", texts("nav.maintenance"), here);
  if (visit.site.ports().panel != nullptr) items += nav_item("/panel", texts("nav.panel"), here);
  if (visit.site.ports().ce_desk != nullptr) items += nav_item("/ce-desk", texts("nav.ce_desk"), here);
  return element("nav", {{"aria-label", texts("nav.label")}}, element("ul", items));
}

Html log_out(const Visit& visit) {
  if (visit.session.rights == Rights{}) return {};
  return visit.form("/log-out", button(visit.texts()("log_out"), "quiet"), {{"class", "log-out"}});
}

// Y1: said to those who may use the factory value; a stranger is not told that it counts.
Html factory_banner(const Visit& visit) {
  const Texts& texts = visit.texts();
  const Rights& rights = visit.session.rights;
  Html lines;
  const auto add = [&](Door door, bool concerned, std::string_view key, std::string_view page) {
    if ((visit.local || concerned) && visit.site.log_in().factory_counts(door))
      lines += element("p", Html(texts(key)) + " " + link_to(page, texts("factory.choose")));
  };
  add(Door::environment, rights.operator_, "factory.operator", "/environment/password");
  add(Door::maintenance, rights.maintenance, "factory.maintenance", "/maintenance/password");
  return lines.empty() ? Html() : notice("warning", lines);
}

Html banners(const Visit& visit) {
  const Texts& texts = visit.texts();
  Html all = factory_banner(visit);
  if (const AgentStatus status = visit.agent().status(); status.store_trouble) {
    all += notice("error",
                  element("p", Html(texts("trouble.store")) + " " + trouble(visit, *status.store_trouble)));
  }
  const auto settings = visit.agent().settings();
  if (settings->reception.enabled && (visit.local || !(visit.session.rights == Rights{})) &&
      (settings->reception.account.server.security == Security::none ||
       settings->transmission.smtp.security == Security::none)) {
    all += notice("warning", element("p", texts("banner.in_clear")));
  }
  return all;
}

}  // namespace

Html framed(const Visit& visit, std::string_view title, const Html& main, unsigned refresh_seconds) {
  const Texts& texts = visit.texts();
  const std::string whole_title = std::string(title) + " - " + std::string(texts("site.name"));
  Html head = element("meta", {{"charset", "utf-8"}}) +
              element("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}}) +
              element("meta", {{"name", "color-scheme"}, {"content", "light dark"}}) +
              element("title", whole_title) +
              element("link", {{"rel", "stylesheet"}, {"href", "/style.css"}}) +
              element("script", {{"src", "/script.js"}, {"defer", true}});
  if (refresh_seconds > 0) {
    head += element("noscript",
                    element("meta", {{"http-equiv", "refresh"},
                                     {"content", std::to_string(refresh_seconds) + "; url=?live=1"}}));
  }
  const Html body =
      element("a", {{"class", "skip"}, {"href", "#main"}}, texts("nav.skip")) +
      element("header", element("div", {{"class", "bar"}},
                                element("p", {{"class", "site"}}, texts("site.name")) + log_out(visit)) +
                            navigation(visit)) +
      element("main", {{"id", "main"}}, banners(visit) + element("h1", title) + main) +
      element("footer", element("p", texts("foot")));
  return document(texts("site.language"), head, body);
}

}  // namespace remotemail::web
