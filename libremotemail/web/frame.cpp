#include "web/frame.hpp"

#include "web/site.hpp"

namespace remotemail::web {
namespace {

Html link(std::string_view path, std::string_view text, std::string_view here) {
  return element("li", element("a", {{"href", path}, {"aria-current", "page", path == here}}, text));
}

Html navigation(const Visit& visit) {
  const Texts& texts = visit.texts();
  const std::string_view here = visit.request.path;
  Html items = link("/", texts("nav.main"), here) + link("/environment", texts("nav.environment"), here);
  if (visit.site.ports().panel != nullptr) items += link("/panel", texts("nav.panel"), here);
  if (visit.site.ports().ce_desk != nullptr) items += link("/ce-desk", texts("nav.ce_desk"), here);
  return element("nav", {{"aria-label", texts("nav.label")}}, element("ul", items));
}

}  // namespace

Html framed(const Visit& visit, std::string_view title, const Html& main) {
  const Texts& texts = visit.texts();
  const std::string whole_title = std::string(title) + " - " + std::string(texts("site.name"));
  const Html head =
      element("meta", {{"charset", "utf-8"}}) +
      element("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}}) +
      element("title", whole_title) + element("link", {{"rel", "stylesheet"}, {"href", "/style.css"}}) +
      element("script", {{"src", "/script.js"}, {"defer", true}});
  const Html body =
      element("a", {{"class", "skip"}, {"href", "#main"}}, texts("nav.skip")) +
      element("header", element("p", {{"class", "site"}}, texts("site.name")) + navigation(visit)) +
      element("main", {{"id", "main"}}, element("h1", title) + main);
  return document("en", head, body);
}

}  // namespace remotemail::web
