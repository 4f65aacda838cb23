#include "protocol/message/html_text.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"
#include "protocol/message/charset.hpp"
#include "protocol/message/html_hidden.hpp"

namespace remotemail {
namespace {

bool is_white(char c) noexcept {
  return is_blank(c) || c == '\n' || c == '\r' || c == '\f';
}

template <std::size_t n>
bool one_of(const std::array<std::string_view, n>& names, std::string_view name) noexcept {
  return std::find(names.begin(), names.end(), name) != names.end();
}

constexpr std::array<std::string_view, 38> kBlocks{
    "address", "article", "aside",  "blockquote", "body",    "caption", "center", "dd",   "details", "dir",
    "div",     "dl",      "dt",     "fieldset",   "footer",  "form",    "h1",     "h2",   "h3",      "h4",
    "h5",      "h6",      "header", "hr",         "html",    "legend",  "li",     "main", "menu",    "nav",
    "ol",      "option",  "p",      "pre",        "section", "table",   "tr",     "ul"};
// What is inside is no text of the page.
constexpr std::array<std::string_view, 6> kUnseen{"script", "style", "template", "title", "xml", "noframes"};
constexpr std::array<std::string_view, 6> kHeadOnly{"head", "meta", "link", "base", "noscript", "object"};

// The text as it grows, line by line.
class Page {
 public:
  void blank() {
    if (!line_empty_) blank_waits_ = true;
  }
  void text(std::string_view utf8) {
    if (blank_waits_) out_ += ' ';
    blank_waits_ = false;
    out_ += utf8;
    line_empty_ = line_empty_ && utf8.empty();
  }
  void line_end() {
    out_ += '\n';
    blank_waits_ = false;
    line_empty_ = true;
  }
  void block() {
    if (!line_empty_) line_end();
  }
  std::string take() {
    block();
    return std::move(out_);
  }

 private:
  std::string out_;
  bool line_empty_ = true;
  bool blank_waits_ = false;
};

class Reader {
 public:
  explicit Reader(std::string_view html) noexcept : html_(html) {}

  std::string read() {
    while (at_ < html_.size()) {
      if (html_[at_] == '<') {
        markup();
      } else if (html_[at_] == '&') {
        character();
      } else {
        plain();
      }
    }
    return page_.take();
  }

 private:
  char at(std::size_t offset) const noexcept {
    return at_ + offset < html_.size() ? html_[at_ + offset] : '\0';
  }
  void go_behind(std::string_view mark, std::size_t from) noexcept {
    const std::size_t found = html_.find(mark, from);
    at_ = found == std::string_view::npos ? html_.size() : found + mark.size();
  }

  void plain() {
    if (is_white(html_[at_])) {
      white(html_[at_++]);
      return;
    }
    const std::size_t end = std::min(html_.find_first_of("<& \t\r\n\f", at_), html_.size());
    visible(html_.substr(at_, end - at_));
    at_ = end;
  }

  void white(char c) {
    if (unseen()) return;
    if (preformatted_ == 0) {
      page_.blank();
    } else if (c == '\n') {
      page_.line_end();
    } else if (c != '\r') {
      page_.text(" ");
    }
  }

  void visible(std::string_view utf8) {
    if (!unseen()) page_.text(utf8);
  }
  bool unseen() const noexcept { return in_head_ || hidden_depth_ > 0; }

  void character();
  void markup();
  void tag(std::string_view name, bool closing);
  bool within_hidden(std::string_view name, bool closing);
  std::size_t tag_end(std::size_t from) noexcept;
  void skip_element(std::string_view name) noexcept;

  std::string_view html_;
  std::size_t at_ = 0;
  Page page_;
  bool in_head_ = false;
  bool quotes_close_ =
      true;  // false once a quote was met that nothing closes: from there on `>` alone counts
  unsigned preformatted_ = 0;
  std::string hidden_name_;       // the element that hides what it holds
  std::size_t hidden_depth_ = 0;  // elements of that name that are open since then; 0: none hides
};

void Reader::character() {
  std::size_t end = at_ + 1;
  char32_t code = 0;
  if (at(1) == '#') {
    const bool hex = at(2) == 'x' || at(2) == 'X';
    end = at_ + (hex ? 3 : 2);
    const std::size_t digits = end;
    const auto value = [&](char c) {
      c = to_lower(c);
      return is_digit(c) ? c - '0' : hex && c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    };
    for (; end < html_.size() && value(html_[end]) >= 0; ++end) {
      if (code <= 0x10FFFF) code = code * (hex ? 16U : 10U) + static_cast<char32_t>(value(html_[end]));
    }
    if (end == digits) {
      visible("&");
      ++at_;
      return;
    }
    if (code == 0) code = 0xFFFD;
  } else {
    while (end < html_.size() && end - at_ <= 10 && (is_alpha(html_[end]) || is_digit(html_[end]))) ++end;
    code = html_entity(html_.substr(at_ + 1, end - at_ - 1));
    if (code == 0) {
      visible("&");
      ++at_;
      return;
    }
  }
  if (end < html_.size() && html_[end] == ';') ++end;
  at_ = end;
  if (code < 0x80 && is_white(static_cast<char>(code))) {
    white(static_cast<char>(code));
    return;
  }
  std::string utf8;
  if (code >= 0x80 && code <= 0x9F) {  // meant as windows-1252, as browsers take it
    utf8 = to_utf8(std::string(1, static_cast<char>(code)), "windows-1252");
  } else {
    append_utf8(utf8, code);
  }
  visible(utf8);
}

// Position of the `>` that ends the tag; quoted attribute values may hold one too.
std::size_t Reader::tag_end(std::size_t from) noexcept {
  char quote = '\0';
  for (std::size_t i = from; i < html_.size() && quotes_close_; ++i) {
    const char c = html_[i];
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '>') {
      return i;
    } else if ((c == '"' || c == '\'') && html_[i - 1] == '=') {
      quote = c;
    }
  }
  quotes_close_ = quotes_close_ && quote == '\0';
  return html_.find('>', from);
}

void Reader::skip_element(std::string_view name) noexcept {
  while (at_ < html_.size()) {
    at_ = std::min(html_.find("</", at_), html_.size());
    if (starts_ignoring_case(html_.substr(std::min(at_ + 2, html_.size())), name)) return;
    at_ = std::min(at_ + 2, html_.size());
  }
}

void Reader::markup() {
  if (html_.substr(at_).starts_with("<!--")) {
    go_behind("-->", at_ + 4);
    return;
  }
  if (at(1) == '!' || at(1) == '?') {
    go_behind(">", at_ + 2);
    return;
  }
  const bool closing = at(1) == '/';
  std::size_t begin = at_ + (closing ? 2 : 1);
  std::size_t end = begin;
  while (end < html_.size() && (is_alpha(html_[end]) || (end > begin && is_digit(html_[end])))) ++end;
  if (end == begin) {
    visible("<");
    ++at_;
    return;
  }
  const std::string name = lower(html_.substr(begin, std::min<std::size_t>(end - begin, 16)));
  const std::size_t close = tag_end(end);
  at_ = close == std::string_view::npos ? html_.size() : close + 1;
  if (within_hidden(name, closing)) return;
  if (!closing && !is_void_html_element(name) && name != "body" && name != "html" &&
      html_attributes_hide(html_.substr(end, std::min(close, html_.size()) - end))) {
    hidden_name_ = name;
    hidden_depth_ = 1;
  }
  tag(name, closing);
}

// A paragraph ends with the next block, as nobody writes its end; any other element with its own end.
bool Reader::within_hidden(std::string_view name, bool closing) {
  if (hidden_depth_ == 0) return false;
  if (name == hidden_name_) {
    if (!closing) {
      hidden_depth_ = name == "p" ? 0 : hidden_depth_ + 1;
    } else {
      --hidden_depth_;
    }
  } else if (hidden_name_ == "p" && one_of(kBlocks, name)) {
    hidden_depth_ = 0;
  }
  if (hidden_depth_ > 0 && !closing && one_of(kUnseen, name)) skip_element(name);
  return hidden_depth_ > 0;
}

void Reader::tag(std::string_view name, bool closing) {
  if (!closing && one_of(kUnseen, name)) {
    skip_element(name);
    return;
  }
  if (name == "head") {
    in_head_ = !closing;
  } else if (in_head_ && !one_of(kHeadOnly, name) && !one_of(kUnseen, name)) {
    in_head_ = false;  // a head that was never closed
  }
  if (name == "pre" && !closing) ++preformatted_;
  if (name == "pre" && closing && preformatted_ > 0) --preformatted_;
  if (name == "br") {
    if (!in_head_) page_.line_end();
  } else if (name == "td" || name == "th") {
    page_.blank();
  } else if (one_of(kBlocks, name)) {
    page_.block();
  }
}

}  // namespace

std::string html_text(std::string_view html) {
  return Reader(html).read();
}

}  // namespace remotemail
