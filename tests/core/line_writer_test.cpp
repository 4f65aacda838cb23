#include <doctest/doctest.h>

#include "remotemail/core/line_writer.hpp"

using namespace remotemail;

TEST_CASE("line writer: CR, LF and NUL are refused in every piece and do not stand in the error [Y7]") {
  CHECK(*make_line({"USER ", "alice"}) == "USER alice\r\n");
  for (const std::string& bad : {std::string("a\rb"), std::string("a\nb"), std::string("a\0b", 3), std::string("\r\nDELE 1")}) {
    const auto line = make_line({"USER ", bad});
    REQUIRE_FALSE(line.ok());
    CHECK(line.error().cause == Cause::unsafe_text);
    CHECK(describe(line.error()).find("DELE") == std::string::npos);
  }
}

TEST_CASE("line writer: a line over its limit is refused [Y7]") {
  CHECK(make_line({std::string(998, 'x')}).ok());
  CHECK_FALSE(make_line({std::string(999, 'x')}).ok());
}
