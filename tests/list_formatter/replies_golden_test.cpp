// Every reply the formatter can give, as a customer engineer reads it. Those of the manual's examples stand in
// manual_examples_test.cpp, the simulated copier's lists in copier_golden_test.cpp.
#include <doctest/doctest.h>

#include "list_formatter/sample_lists.hpp"
#include "remotemail/list_formatter/list_formatter.hpp"
#include "support/golden.hpp"

using namespace remotemail;

namespace {

void check(const std::string& name, OutcomeValue value, std::string line, ReplyHead head = samples::head()) {
  CAPTURE(name);
  Outcome outcome;
  outcome.item.line = std::move(line);
  const bool phone = (std::holds_alternative<ListRead>(value) && std::get<ListRead>(value).phone) ||
                     (std::holds_alternative<ListMissing>(value) && std::get<ListMissing>(value).phone);
  if (std::holds_alternative<NotFound>(value)) {
    outcome.item.replies = {"Command Not Found -> " + outcome.item.line, "Option Not Found -> G Log"};
  }
  outcome.value = std::move(value);
  const std::string body = PlainTextFormatter().format(head, outcome).body;
  CHECK(test::golden_fault("list_formatter/golden/" + name + ".txt", body) == "");
  CHECK(samples::fault_of(body, phone ? 24 : 128, phone ? 20 : SIZE_MAX) == "");
}

ListMissing missing(ListId list, Cause cause, std::string detail = {}, bool phone = false) {
  return {list, phone, make_error(cause, Step::device, std::move(detail))};
}

}  // namespace

TEST_CASE("golden: lists of every shape [L] [G9]") {
  check("accounts", ListRead{samples::accounts(), false}, "GetLog EKC");
  check("parts", ListRead{samples::parts(), false}, "g 2");
  check("adjustments", ListRead{samples::adjustments(), false}, "GetLog Adj");
  check("memory", ListRead{samples::memory(), false}, "GetLog Parameter");
  check("widest", ListRead{samples::widest(), false}, "GetLog Management");
  check("empty", ListRead{{ListId::font, {}}, false}, "GetLog Font");
  DeviceList masked = samples::accounts();
  mask_names(masked, [](std::string_view name) {
    return "Person-" + std::string(6, static_cast<char>('a' + name.size()));
  });
  check("accounts_masked", ListRead{masked, false}, "GetLog EKC");
}

TEST_CASE("golden: a list that is not there or cannot be read [G] [G10]") {
  check("list_unsupported", missing(ListId::font, Cause::device_unsupported), "GetLog All");
  check("list_busy", missing(ListId::ekc, Cause::device_busy), "GetLog EKC");
  check("list_broken", missing(ListId::pixel, Cause::device_broken, "adapter: exit status 3"), "g pi");
  check("phone_busy", missing(ListId::counter, Cause::device_busy, {}, true), "GetLog");
  check("phone_unsupported", missing(ListId::counter, Cause::device_unsupported, {}, true), "GetLog");
}

TEST_CASE("golden: passwords masked [Y4] [F16] [F17] [F18]") {
  ReplyHead head = samples::head();
  head.mask_passwords = true;
  check("password_changed_masked", PasswordChanged{"Sitios"}, "ChPass U-BIX Sitios", head);
  check("old_password_wrong_masked", PasswordRefused{PasswordRefused::Why::old_wrong}, "ChPass Sitios U-BIX",
        head);
  check("new_password_missing_masked", PasswordRefused{PasswordRefused::Why::form}, "ChPass Sitios", head);
  check("command_not_found_masked", NotFound{}, "chpass U-BIX Siti?s", head);
}

TEST_CASE(
    "golden: heads: no nickname, mail from the future, mail without a date, and all of it on a phone [G4-G7] [G10]") {
  ReplyHead head = samples::head();
  head.nickname.clear();
  head.delay = std::chrono::seconds(-(3 * 86400 + 3600 + 1));
  check("head_from_the_future", missing(ListId::font, Cause::device_unsupported), "g f", head);
  check("phone_from_the_future", ListRead{samples::counters(), true}, "g", head);
  head = samples::head();
  head.delay.reset();
  head.requested_by = "customer.engineer.for.the.whole.north@service.copiers.example.com";
  head.nickname = "Third floor, beside the window 32";
  check("head_without_date", missing(ListId::font, Cause::device_unsupported), "g f", head);
  check("phone_without_date", ListRead{samples::counters(), true}, "g", head);
}

TEST_CASE("golden: HELP of a machine that has all lists, and of one that has none and never polled [F22]") {
  HelpAsked help;
  for (const ListWord& word : kListWords) help.offered.push_back(word.id);
  help.interval = std::chrono::minutes(1);
  help.size_limit = 1024 * 1024;
  help.last_poll = std::chrono::sys_days(std::chrono::year(2026) / 3 / 1) + std::chrono::hours(23);
  check("help_all_lists", help, "h");
  check("help_no_lists", HelpAsked{}, "HELP me");
}

TEST_CASE("texts: every sentence of a reply stands in texts.hpp, none in the code [L] [F22]") {
  namespace fs = std::filesystem;
  for (const auto& entry :
       fs::directory_iterator(fs::path(REMOTEMAIL_SOURCE_DIR) / "libremotemail/list_formatter")) {
    if (entry.path().extension() != ".cpp") continue;
    std::istringstream lines(test::read_file(entry.path()));
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("#") || line.find("//") < line.find('"')) continue;
      // A literal with a word of three letters or more.
      bool inside = false;
      std::size_t letters = 0, longest = 0;
      for (const char c : line) {
        if (c == '"') inside = !inside;
        letters = inside && c >= 'a' && c <= 'z' ? letters + 1 : 0;
        longest = std::max(longest, letters);
      }
      CAPTURE(entry.path().filename().string());
      CAPTURE(line);
      const bool table = entry.path().filename() == "transliterate.cpp";  // letters, no words
      CHECK((table || longest < 3));
    }
  }
}
