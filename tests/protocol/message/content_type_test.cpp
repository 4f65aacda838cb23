#include "protocol/message/content_type.hpp"

#include <doctest/doctest.h>

using namespace remotemail;

TEST_CASE("content type: parameters are found however they are written [D9]") {
  struct {
    const char *raw, *type, *name, *value;
  } const cases[] = {
      {" text/plain; charset=utf-8", "text/plain", "charset", "utf-8"},
      {"TEXT/Plain;\n\tCHARSET=\"utf-8\"", "text/plain", "charset", "utf-8"},
      {"text/plain; charset = utf-8 ; format=flowed", "text/plain", "format", "flowed"},
      {"text/plain (c); (d) charset (e)=utf-8", "text/plain", "format", ""},
      {"text/plain;; ;charset=utf-8;", "text/plain", "charset", "utf-8"},
      {"text/plain charset=utf-8", "text/plain", "charset", "utf-8"},
      {"text/plain\n   charset=\"utf-8\"", "text/plain", "charset", "utf-8"},
      {"text/plain>", "text/plain", "", ""},
      {"text / (x) plain ; charset=utf-8", "text/plain", "charset", "utf-8"},
      {"multipart/mixed; boundary=\"a;b=c \\\"d\"", "multipart/mixed", "boundary", "a;b=c \"d"},
      {"multipart/mixed; boundary=----=_(x)", "multipart/mixed", "boundary", "----=_(x)"},
      {"multipart/mixed; boundary=\"open", "multipart/mixed", "boundary", "open"},
      {"multipart/mixed; boundary=a; boundary=b", "multipart/mixed", "boundary", "a"},
      {"multipart/mixed; boundary*0=a; boundary*1=b", "multipart/mixed", "boundary", "ab"},
      {"multipart/mixed; boundary*1=b; boundary*0=a; boundary*3=d", "multipart/mixed", "boundary", "ab"},
      {"text/plain; name*=utf-8'de'%C3%A4x", "text/plain", "name", "\xC3\xA4x"},
      {"text/plain; name*0*=iso-8859-1''%E4; name*1=%41; name*2*=%42", "text/plain", "name", "\xC3\xA4%41B"},
      {"text/plain; name*=plain", "text/plain", "name", "plain"},
      {"text/plain; name*0*=\"\"; x=y", "text/plain", "x", "y"},
      {"text/plain; a=b c=d", "text/plain", "c", "d"},
      {"text/plain; charset", "text/plain", "charset", ""},
      {"text/plain; =x; charset=y", "text/plain", "charset", "y"},
      {"text", "text/plain", "", ""},
      {"", "text/plain", "", ""},
      {"/", "text/plain", "", ""},
      {"text/", "text/plain", "", ""},
      {"junk; charset=utf-8", "text/plain", "charset", "utf-8"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.raw);
    const auto got = parse_content_type(c.raw);
    CHECK(got.value == c.type);
    CHECK(got.parameter(c.name) == c.value);
  }
}

TEST_CASE("content type: ten thousand parameters cost no more than the first 64 [fault 94]") {
  std::string raw = "text/plain";
  for (int i = 0; i < 10'000; ++i) raw += "; a*" + std::to_string(i % 64) + "=\"\"";
  raw += "; charset=utf-8";
  const auto got = parse_content_type(raw);
  CHECK(got.parameters.size() <= ParameterizedValue::kParameters);
  CHECK(got.parameter("charset").empty());
}

TEST_CASE("content type: a disposition is the same grammar") {
  CHECK(parse_parameterized(" ATTACHMENT; filename=\"x.txt\"").is("attachment"));
  CHECK(parse_parameterized("attachment").is("attachment"));
  CHECK(parse_parameterized("(x) inline").is("inline"));
}
