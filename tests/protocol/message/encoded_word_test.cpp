#include "protocol/message/encoded_word.hpp"

#include <doctest/doctest.h>

#include "core/text.hpp"

using namespace remotemail;

TEST_CASE("encoded word: a Subject is decoded, joined and cleaned [D3]") {
  struct {
    const char *raw, *expected;
  } const cases[] = {
      {" 9272", "9272"},
      {" 92\n 72 ", "92 72"},
      {"=?UTF-8?Q?9272?=", "9272"},
      {"=?utf-8?b?OTI3Mg==?=", "9272"},
      {"=?utf-8?b?OTI3Mg?=", "9272"},
      {"=?US-ASCII*en?Q?9272?=", "9272"},
      {"=?utf-8?Q?92?= =?utf-8?Q?72?=", "9272"},
      {"=?utf-8?Q?92?=\n\t=?utf-8?Q?72?=", "9272"},
      {"=?utf-8?Q?92?= x =?utf-8?Q?72?=", "92 x 72"},
      {"=?utf-8?Q?a_b=5F=3F?=", "a b_?"},
      {"=?utf-8?Q?=C3?= =?utf-8?Q?=A4?=", "\xC3\xA4"},
      {"=?utf-8?Q?=C3?= =?iso-8859-1?Q?=A4?=", "\xEF\xBF\xBD\xC2\xA4"},
      {"=?iso-2022-jp?B?GyRCJTMbKEI=?=", "\xE3\x82\xB3"},
      {"=?utf-8?Q?secret=0D=0A?=", "secret"},
      {"=?utf-8?Q?a=0D=0ABcc:_x?=", "a  Bcc: x"},
      {"=?utf-8?Q?a=00b=7F?=",
       "a\xEF\xBF\xBD"
       "b\xEF\xBF\xBD"},
      {"=?utf-8?Q?what's up?=", "what's up"},
      {"=?utf-8?Q?=3D?=", "="},
      {"=?utf-8?Q?bad=ZZ=4?=", "bad=ZZ=4"},
      {"pre=?utf-8?Q?x?=post", "prexpost"},
      {"=?utf-8?X?y?=", "=?utf-8?X?y?="},
      {"=?utf-8?Q?open", "=?utf-8?Q?open"},
      {"=?utf-8?Q", "=?utf-8?Q"},
      {"=??Q?y?=", "=??Q?y?="},
      {"=?utf-8?Q?"
       "?=",
       ""},
      {"a\xE4", "a\xEF\xBF\xBD"},
      {"a\xC3\xA4", "a\xC3\xA4"},
      {"a\tb", "a b"},
      {"=?x-none?Q?a=E4?=", "a\xEF\xBF\xBD"},
      {"=?utf-8?Q?=3D=3Futf-8=3FQ=3Fx=3F=3D?=", "=?utf-8?Q?x?="},
  };
  for (const auto& c : cases) {
    CAPTURE(c.raw);
    CHECK(decode_text(c.raw) == c.expected);
  }
}

TEST_CASE("encoded word: many openings without an end are read in linear work [fault 94]") {
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += "=?a?q?x";
  const bool unchanged = decode_encoded_words(text) == text;
  CHECK(unchanged);
}

TEST_CASE("encoded word: what is encoded is at most 75 characters a word, splits no character and comes back") {
  std::string text;
  for (int i = 0; i < 40; ++i) text += "a\xC3\xA4\xE3\x82\xB3\xF0\x9F\x98\x80";
  std::string header;
  for (const std::string& word : encode_words(text)) {
    CHECK(word.size() <= 75);
    CHECK(decode_text(word).find("\xEF\xBF\xBD") == std::string::npos);
    header += (header.empty() ? "" : "\n ") + word;
  }
  CHECK(decode_text(header) == text);
}
