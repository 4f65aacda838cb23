// Markup by type: an Html is markup that is well-formed and escaped; a string is text, and becomes escaped text when it
// enters one. No page glues strings of HTML, so what a mail or a setting holds is never more than text on it.
#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace remotemail::web {

// A name of an element or attribute: a literal of the program, checked when it is compiled.
class MarkupName {
 public:
  consteval MarkupName(const char* name) : name_(name) {  // NOLINT: implicit by intent
    for (const char c : name_) {
      if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) throw "not a name of HTML";
    }
  }
  constexpr std::string_view text() const { return name_; }

 private:
  std::string_view name_;
};

class Html {
 public:
  Html() = default;
  // Text of any kind: escaped; what is no printable character nor UTF-8 becomes `?`. A template, so that a list in braces
  // is never taken for two ends of a string.
  template <typename Text>
  requires std::convertible_to<const Text&, std::string_view> Html(const Text& text)
      : Html(FromText{}, text) {}  // NOLINT: implicit by intent

  Html& operator+=(const Html& more) {
    markup_ += more.markup_;
    return *this;
  }
  friend Html operator+(Html a, const Html& b) { return a += b; }
  bool empty() const { return markup_.empty(); }
  const std::string& markup() const { return markup_; }

 private:
  struct FromText {};
  Html(FromText, std::string_view text);
  friend Html element(MarkupName, std::vector<struct Attribute>, const Html&);
  friend Html document(std::string_view language, const Html& head, const Html& body);
  std::string markup_;
};

// An attribute: its value is escaped. With `present` false it is left out (checked, disabled, aria-invalid …); without a
// value it stands by its name alone.
struct Attribute {
  Attribute(MarkupName name, std::string_view value, bool present = true)
      : name(name.text()), value(value), present(present) {}
  Attribute(MarkupName name, bool present) : name(name.text()), bare(true), present(present) {}
  Attribute(MarkupName name, const char* value, bool present = true)
      : Attribute(name, std::string_view(value), present) {}
  std::string_view name;
  std::string value;
  bool bare = false, present = true;
};
using Attributes = std::vector<Attribute>;

// <name attributes>children</name>; of a void element (br, hr, img, input, link, meta, wbr) no end and no children.
// href, src and action take only addresses that begin with `/` or `#`; others are left out, for no page leads away.
Html element(MarkupName name, Attributes attributes, const Html& children);
inline Html element(MarkupName name, Attributes attributes = {}) {
  return element(name, std::move(attributes), {});
}
inline Html element(MarkupName name, const Html& children) {
  return element(name, Attributes{}, children);
}
// <!doctype html> and what follows.
Html document(std::string_view language, const Html& head, const Html& body);

template <typename... Parts>
Html together(const Parts&... parts) {
  Html all;
  ((all += Html(parts)), ...);
  return all;
}

}  // namespace remotemail::web
