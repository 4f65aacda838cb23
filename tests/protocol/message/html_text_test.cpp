#include "protocol/message/html_text.hpp"

#include <doctest/doctest.h>

using namespace remotemail;

TEST_CASE("html text: what a reader sees, line by line [D9]") {
  struct {
    const char *html, *expected;
  } const cases[] = {
      {"GETLOG JOB", "GETLOG JOB\n"},
      {"GETLOG<br>HELP<br/>", "GETLOG\nHELP\n"},
      {"<div>GETLOG</div><div>HELP</div>", "GETLOG\nHELP\n"},
      {"<div><div>GETLOG</div></div>\n<p>HELP</p>", "GETLOG\nHELP\n"},
      {"<div>GETLOG</div><div><br></div><div>HELP</div>", "GETLOG\n\nHELP\n"},
      {"  GETLOG \n\t JOB  ", "GETLOG JOB\n"},
      {"GET<b>LOG</b> <i>JOB</i>", "GETLOG JOB\n"},
      {"GETLOG&nbsp;JOB", "GETLOG\xC2\xA0JOB\n"},
      {"GETLOG&#160;&#xA0;JOB", "GETLOG\xC2\xA0\xC2\xA0JOB\n"},
      {"a &lt;b&gt; &amp;amp; &quot;&apos;", "a <b> &amp; \"'\n"},
      {"&auml&euro;&#128;&#0;&#xD800;&#x110000;",
       "\xC3\xA4\xE2\x82\xAC\xE2\x82\xAC\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\n"},
      {"&#99999999999999999999;", "\xEF\xBF\xBD\n"},
      {"a & b &nosuch; &# &#x; &", "a & b &nosuch; &# &#x; &\n"},
      {"a&#10;b", "a b\n"},
      {"<style>p{}</style>A<script>if (a < b) x()</script>B", "AB\n"},
      {"<SCRIPT>x</Script >A", "A\n"},
      {"<html><head><title>t</title><meta a=b>no</head><body>A</body></html>", "A\n"},
      {"<head><style>x</style><p>A", "A\n"},
      {"A<!-- <p>no</p> -->B<!--[if mso]>x<![endif]-->C", "ABC\n"},
      {"A<!-- open", "A\n"},
      {"A<![if !mso]>B<![endif]>", "AB\n"},
      {"<!DOCTYPE html><?xml x?>A", "A\n"},
      {"<a href=\"x>y\" title='>'>A</a>", "A\n"},
      {"<a href=\"open>A</a> B<br>C", "A B\nC\n"},
      {"1 < 2 <3 <", "1 < 2 <3 <\n"},
      {"A<p", "A\n"},
      {"<pre>a  b\n c\n</pre>d", "a  b\n c\nd\n"},
      {"<table><tr><td>A</td><td>B</td></tr><tr><td>C</td></tr></table>", "A B\nC\n"},
      {"<ul><li>A<li>B</ul>", "A\nB\n"},
      {"<p class=MsoNormal>GETLOG COUNTER<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p>",
       "GETLOG COUNTER\n\xC2\xA0\n"},
      {"<style>never closed", ""},
      {"<title>never closed <p>A", ""},
      {"", ""},
      {"<br><br>", "\n\n"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.html);
    CHECK(html_text(c.html) == c.expected);
  }
}

TEST_CASE("html text: repeated openings are read in linear work [fault 94]") {
  for (const char* piece : {"<a href=\"", "<!--", "<style></", "<a ", "&#", "<", "&nbsp", "<pre> "}) {
    CAPTURE(piece);
    std::string html;
    while (html.size() < 400'000) html += piece;
    CHECK(html_text(html).size() <= html.size() + 1);
  }
}

TEST_CASE("html text: every named character is found") {
  CHECK(html_entity("nbsp") == 0xA0);
  CHECK(html_entity("AElig") == 0xC6);
  CHECK(html_entity("zwnj") == 0x200C);
  CHECK(html_entity("") == 0);
  CHECK(html_entity("zzz") == 0);
}

TEST_CASE("html text: what an element hides is not there, what follows is [D9]") {
  struct {
    const char *html, *text;
  } const cases[] = {
      {"<div style=\"display:none\">HELP</div>G", "G\n"},
      {"<div style='color:red; Display : None !important'>HELP<div>x</div>y</div>G", "G\n"},
      {"<span hidden>HELP</span>G", "G\n"},
      {"<span HIDDEN=\"\" class=a>HELP<br>x</span>G", "G\n"},
      {"<div style=display:none>HELP</div>G", "G\n"},
      {"<p hidden>HELP<p>G", "G\n"},
      {"<p hidden>HELP<div>G</div>", "G\n"},
      {"<div hidden>HELP<script>'</div>'</script>x</div>G", "G\n"},
      {"<div hidden>HELP", ""},
      {"<br hidden>G<img style=\"display:none\">H", "\nGH\n"},
      {"<input type=hidden>G", "G\n"},
      {"<div class=\"hidden\" title=\"display:none\">G</div>", "G\n"},
      {"<div data-style=\"display:none\" hidden-x>G</div>", "G\n"},
      {"<div style=\"display:block\">G</div>", "G\n"},
      {"<body style=\"display:none\">G</body>", "G\n"},
      {"<div =hidden>G</div>", "G\n"},
      {"<div style=\"display:none", ""},
  };
  for (const auto& c : cases) {
    CAPTURE(c.html);
    CHECK(html_text(c.html) == c.text);
  }
}
