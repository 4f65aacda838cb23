#include "command_line.hpp"

#include <doctest/doctest.h>

using namespace remotemaild;

namespace {
auto parse(std::vector<const char*> words) {
  words.insert(words.begin(), "remotemaild");
  return parse_command_line(static_cast<int>(words.size()), words.data());
}
}  // namespace

TEST_CASE(
    "command line: global options stand before or behind the command, values behind = or as the next word") {
  for (const std::vector<const char*>& words :
       {std::vector<const char*>{"--state=/s", "--config", "/c", "once", "--max-mails=3", "--json"},
        std::vector<const char*>{"--state", "/s", "once", "--config=/c", "-n", "3", "--json"}}) {
    const auto line = parse(words);
    REQUIRE(line.ok());
    CHECK(line->state == "/s");
    CHECK(line->config.path == "/c");
    CHECK_FALSE(line->config.may_lack);
    CHECK(line->invocation.command == "once");
    CHECK(line->invocation.options.at("max-mails") == "3");
    CHECK(line->invocation.has("json"));
  }
}

TEST_CASE("command line: words of a command stay as they are, a lone - is a file name, -- ends the options") {
  const auto line = parse({"settings", "set", "reception.nickname=x", "-y", "reception.password=-"});
  REQUIRE(line.ok());
  CHECK(line->invocation.arguments ==
        std::vector<std::string>{"set", "reception.nickname=x", "reception.password=-"});
  CHECK(line->invocation.has("yes"));
  CHECK(parse({"settings", "import", "-"})->invocation.arguments[1] == "-");
  CHECK(parse({"settings", "--", "set", "--yes"})->invocation.arguments ==
        std::vector<std::string>{"set", "--yes"});
}

TEST_CASE("command line: an unknown command or option is named, with where to look") {
  const struct {
    std::vector<const char*> words;
    const char* part;
  } cases[] = {{{"bogus"}, "there is no command \"bogus\""},
               {{"once", "--speed"}, "speed"},
               {{"--bogus"}, "bogus"},
               {{"--state"}, "state"},
               {{"once", "--json=yes"}, "json"}};
  for (const auto& c : cases) {
    const auto line = parse(c.words);
    CAPTURE(c.words[0]);
    REQUIRE_FALSE(line.ok());
    CHECK(line.error().detail.find(c.part) != std::string::npos);
  }
}

TEST_CASE("command line: help knows every command, and every command its options") {
  const std::string general = general_help();
  for (const CommandWords& command : all_commands()) {
    CAPTURE(command.name);
    CHECK(general.find("  " + std::string(command.name) + " ") != std::string::npos);
    const std::string text = command_help(command);
    for (const OptionWords& option : command.options)
      CHECK(text.find("--" + std::string(option.name)) != std::string::npos);
  }
}
