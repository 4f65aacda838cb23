#include "web/html.hpp"

#include <doctest/doctest.h>

namespace remotemail::web {

TEST_CASE("html: text that enters markup is escaped, in content and in attributes [Y5]") {
  const Html made = element("p", {{"title", "\"><script>"}}, "<b>&'");
  CHECK(made.markup() == "<p title=\"&quot;&gt;&lt;script&gt;\">&lt;b&gt;&amp;&#39;</p>");
}

TEST_CASE("html: octets that are no UTF-8 and control characters become question marks [Y5]") {
  CHECK(Html(std::string("a\xC3\xA4\xFF\x01\xC3", 6)).markup() == "a\xC3\xA4???");
  CHECK(Html("\xC0\xBC\xED\xA0\x80").markup() == "?????");
}

TEST_CASE("html: what turns the direction of others, and C1 controls, are shown as question marks [Y5]") {
  CHECK(Html("a\xE2\x80\xAE"
             "b\xE2\x81\xA6"
             "c\xC2\x9B")
            .markup() == "a?b?c?");
  for (const char* good : {"\xC2\xA0", "\xC3\x80", "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\xAA",
                           "\xE2\x82\xAC", "\xD7\x90", "\xF0\x9F\x98\x80"}) {
    CAPTURE(good);
    CHECK(Html(good).markup() == good);
  }
}

TEST_CASE("html: no address leads away from the pages [Y5]") {
  for (const char* away :
       {"https://example.com", "//example.com", "/\\example.com", "javascript:alert(1)", " /x"}) {
    CAPTURE(away);
    CHECK(element("a", {{"href", away}}, "x").markup() == "<a>x</a>");
  }
  CHECK(element("a", {{"href", "/log"}}, "x").markup() == "<a href=\"/log\">x</a>");
}

TEST_CASE("html: an attribute that is not there is left out, and one without a value stands by its name") {
  CHECK(element("input", {{"checked", true}, {"disabled", false}, {"name", "a", false}}).markup() ==
        "<input checked>");
}

}  // namespace remotemail::web
