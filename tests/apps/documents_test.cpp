// Manual page and completion are made from the program's tables: whatever stands there stands in both.
#include "documents/documents.hpp"

#include <doctest/doctest.h>

#include "apps/temporary_folder.hpp"
#include "command_line.hpp"
#include "documents/synopsis.hpp"
#include "exit_status.hpp"
#include "remotemail/core/commands.hpp"
#include "remotemail/settings/setting_spec.hpp"

using namespace remotemaild;

namespace {

std::string read(const std::string& name) {
  std::ifstream in(std::string(REMOTEMAILD_DOCUMENTS) + "/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

const std::string& manual() {
  static const std::string page = manual_page(read("remotemaild.8.in"));
  return page;
}

const std::string& completion() {
  static const std::string script = bash_completion(read("remotemaild.bash.in"));
  return script;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE(
    "documents: the manual page has every command with its options, every setting, key and exit status") {
  REQUIRE_FALSE(manual().empty());
  for (const CommandWords& command : all_commands()) {
    CAPTURE(command.name);
    CHECK(has(manual(), "\n.It Ic " + std::string(command.name)));
    for (const OptionWords& option : command.options)
      CHECK(has(manual(), "Fl \\-" + std::string(option.name)));
  }
  for (const OptionWords& option : global_options())
    CHECK(has(manual(), "Fl \\-" + std::string(option.name)));
  for (const remotemail::SettingSpec& spec : remotemail::all_settings()) {
    CAPTURE(spec.key);
    CHECK(has(manual(), "\n.It Cm " + std::string(spec.key) + "\n"));
    CHECK(has(manual(), std::string(spec.label)));
    CHECK(has(manual(), "\n.Ql " + std::string(spec.key) + "="));
  }
  for (const ConfigurationKey& key : configuration_keys())
    CHECK(has(manual(), ".It Bq " + std::string(key.section) + " Cm " + std::string(key.name)));
  for (const ExitMeaning& exit : kExitMeanings)
    CHECK(has(manual(), "\n.It " + std::to_string(exit.status) + "\n"));
  CHECK_FALSE(has(manual(), "\n@"));
}

TEST_CASE(
    "documents: the completion has every command with its options, every setting with its values, every list") {
  REQUIRE_FALSE(completion().empty());
  for (const CommandWords& command : all_commands()) {
    CAPTURE(command.name);
    CHECK(has(completion(), "\n    " + std::string(command.name) + ") echo '"));
    for (const OptionWords& option : command.options)
      CHECK(has(completion(), "--" + std::string(option.name)));
  }
  for (const remotemail::SettingSpec& spec : remotemail::all_settings()) {
    CAPTURE(spec.key);
    CHECK(has(completion(), std::string(spec.key)));
    if (!spec.choices.empty())
      CHECK(has(completion(), "\n    " + std::string(spec.key) + ") echo '" + std::string(spec.choices[0])));
  }
  for (const remotemail::ListWord& word : remotemail::kListWords)
    CHECK(has(completion(), std::string(word.option)));
  CHECK_FALSE(has(completion(), "@TABLES@"));
}

TEST_CASE("documents: an unknown place in the template makes no manual page") {
  CHECK(manual_page("@NONSENSE@\n").empty());
}

TEST_CASE("documents: every command's synopsis is of the grammar; alternatives stand between blanks") {
  for (const CommandWords& command : all_commands()) {
    CAPTURE(command.synopsis);
    CHECK(parse_synopsis(command.synopsis));
    // The tables of the completion stand in single quotes.
    CHECK(command.synopsis.find('\'') == std::string_view::npos);
  }
}

TEST_CASE("documents: a synopsis is read as alternatives of words, literals and values") {
  const auto panel = parse_synopsis("[copy N | power main|sub on|off]");
  REQUIRE(panel);
  CHECK(panel->optional);
  REQUIRE(panel->alternatives.size() == 2);
  CHECK(panel->alternatives[0][1].is_value);
  CHECK(panel->alternatives[1][1].choices.size() == 2);
  const auto set = parse_synopsis("set KEY=VALUE ...");
  REQUIRE(set);
  CHECK_FALSE(set->optional);
  CHECK(set->alternatives[0][1].repeats);
  CHECK(parse_synopsis("")->alternatives.empty());
  for (const char* wrong :
       {"|", "a |", "| a", "...", "a ... b", "a ... ...", "list|show ID|drop ID", "a  b", "Ab", "[", "a'b"}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse_synopsis(wrong));
  }
}

TEST_CASE("documents: what a table may hold cannot change the meaning of the page") {
  // A line of the details that begins with a dot would be a request to roff.
  CHECK(manual_page(".Dd x\n") == ".Dd x\n");
  for (const char* line : {"\n.\n", "\n'"}) CHECK_FALSE(has(manual(), line));
}

TEST_CASE("documents: the example configuration is the default one, and says every key") {
  TemporaryFolder folder;
  const auto defaults = read_configuration("");
  std::string text = configuration_example();
  for (const ConfigurationKey& key : configuration_keys())
    CHECK(has(text, "\n;" + std::string(key.name) + " ="));
  REQUIRE(read_configuration(folder.write("example.ini", text)).ok());
  // With every default written out it is still the same.
  for (const ConfigurationKey& key : configuration_keys()) {
    if (key.default_text.empty()) continue;
    const std::string commented = "\n;" + std::string(key.name) + " =";
    text.replace(text.find(commented) + 1, 1, "");
  }
  const auto written = read_configuration(folder.write("example.ini", text));
  REQUIRE(written.ok());
  CHECK(written->log_level == defaults->log_level);
  CHECK(written->device_seed == defaults->device_seed);
  CHECK(written->device_birth == defaults->device_birth);
  CHECK(written->web == defaults->web);
}
