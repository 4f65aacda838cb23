#include "protocol/message/transfer_encoding.hpp"

#include <doctest/doctest.h>

#include "core/text.hpp"

using namespace remotemail;

TEST_CASE("transfer encoding: base64 is read through junk, lost padding and runs behind padding [D9]") {
  struct {
    const char *text, *expected;
  } const cases[] = {
      {"R0VUTE9H", "GETLOG"},
      {"R0VU\nTE9H\n", "GETLOG"},
      {"R0VU!TE-9 H", "GETLOG"},
      {"R0VUTE8", "GETLO"},
      {"R0VUTE8=\nR0VU", "GETLOGET"},
      {"", ""},
      {"=", ""},
      {"R", ""},
      {"R0", "G"},
      {"====", ""},
      {"R0VUTE9HX", "GETLOG"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    CHECK(decode_base64_leniently(c.text) == c.expected);
  }
  std::string every;
  for (int i = 0; i < 256; ++i) every += static_cast<char>(i);
  CHECK(decode_base64_leniently(encode_base64(every)) == every);
}

TEST_CASE("transfer encoding: quoted-printable keeps what is no escape and loses blanks at line ends [D9]") {
  struct {
    const char *text, *expected;
  } const cases[] = {
      {"GETLOG=20JOB", "GETLOG JOB"},
      {"GET=\nLOG", "GETLOG"},
      {"GET= \t\nLOG", "GETLOG"},
      {"a \nb\t", "a\nb"},
      {"=C3=a4", "\xC3\xA4"},
      {"=ZZ=4", "=ZZ=4"},
      {"100%=", "100%"},
      {"a==\nb", "a=b"},
      {"=3D41", "=41"},
      {"a=20\nb", "a \nb"},
      {"\n\n", "\n\n"},
      {"", ""},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    CHECK(decode_quoted_printable(c.text) == c.expected);
  }
}

TEST_CASE("transfer encoding: an unknown one is taken as it is [D9]") {
  for (const char* name : {"", "7bit", "8bit", "binary", "x-uuencode", "7bits"}) {
    CHECK(decode_transfer_encoding("a=20b", name) == "a=20b");
  }
  CHECK(decode_transfer_encoding("YQ==", "BASE64") == "a");
  CHECK(decode_transfer_encoding("a=20b", "Quoted-Printable") == "a b");
}

TEST_CASE(
    "transfer encoding: bits behind base64's last octet do not matter, before a `=` or at the end [D9]") {
  CHECK(decode_base64_leniently("ENP=") == decode_base64_leniently("ENM="));
  CHECK(decode_base64_leniently("R0VUENP=") == decode_base64("R0VUENP="));
  CHECK(decode_base64_leniently("Rx") == "G");
  CHECK(decode_base64_leniently("R") == "");
}
