#include "protocol/message/flowed.hpp"

#include <doctest/doctest.h>

using namespace remotemail;

TEST_CASE("flowed: paragraphs are joined, stuffing undone, quotes and signature kept apart [D9]") {
  struct {
    const char* text;
    bool delete_space;
    const char* expected;
  } const cases[] = {
      {"GETLOG JOB\nGETLOG USER\n", false, "GETLOG JOB\nGETLOG USER\n"},
      {"CHPASS old \nnew\n", false, "CHPASS old new\n"},
      {"CHP \nASS\n", true, "CHPASS\n"},
      {" GETLOG\n", false, "GETLOG\n"},
      {"  GETLOG\n", false, " GETLOG\n"},
      {" From x\n", false, "From x\n"},
      {"> a \n> b\nc\n", false, "> a b\nc\n"},
      {">> a \n> b\n", false, ">> a \n> b\n"},
      {"text \n-- \nJohn\n", false, "text \n-- \nJohn\n"},
      {"-- \nJohn \nDoe\n", false, "-- \nJohn Doe\n"},
      {"a \n\nb", false, "a \nb\n"},
      {"a ", false, "a \n"},
      {"", false, ""},
      {"\n\n", false, "\n\n"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    CHECK(join_flowed(c.text, c.delete_space) == c.expected);
  }
}
