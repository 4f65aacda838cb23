#include <doctest/doctest.h>

#include <cstdlib>
#include <map>

#include "copier_fixture.hpp"
#include "core/text.hpp"

using namespace remotemail;
using namespace remotemail::test;
using std::chrono::days;

namespace {

// "-2.5" in tenths or hundredths, whatever it is shown in.
long units(std::string text) {
  std::erase(text, '.');
  return std::strtol(text.c_str(), nullptr, 10);
}

}  // namespace

TEST_CASE("adjustment data list: about sixty items with value, standard, range and unit [L]") {
  const auto office = old_office(7145);
  const DeviceList list = office->list(ListId::adjustment);
  const auto codes = codes_of(list, "A-");
  CHECK(codes.size() >= 60);
  for (const std::string& code : codes) {
    CAPTURE(code);
    CHECK(!cell_of(list, code, "Unit").empty());
    const long standard = units(cell_of(list, code, "Standard"));
    CHECK(units(cell_of(list, code, "From")) < standard);
    CHECK(standard < units(cell_of(list, code, "To")));
  }
}

TEST_CASE(
    "adjustment data list: a value outside of its range or far from standard is marked, and named in the summary [L]") {
  std::map<std::string, std::size_t> marks;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    CAPTURE(seed);
    Office office(seed);
    // Some have worn parts.
    if (seed < 4) office.pass(days{500});
    const DeviceList list = office.list(ListId::adjustment);
    std::string out_of_range, far;
    for (const std::string& code : codes_of(list, "A-")) {
      CAPTURE(code);
      const long value = units(cell_of(list, code, "Value")),
                 standard = units(cell_of(list, code, "Standard"));
      const long low = units(cell_of(list, code, "From")), high = units(cell_of(list, code, "To"));
      const long room = value < standard ? standard - low : high - standard;
      const std::string mark = cell_of(list, code, "Check");
      ++marks[mark];
      if (value < low || value > high) {
        CHECK(mark == "OUT OF RANGE");
        out_of_range += (out_of_range.empty() ? "" : " ") + code;
      } else if (4 * std::labs(value - standard) > 3 * room) {
        CHECK(mark == "check");
        far += (far.empty() ? "" : " ") + code;
      } else {
        CHECK(mark.empty());
      }
    }
    CHECK(cell_of(list, "AS-1", "Which") == out_of_range);
    CHECK(cell_of(list, "AS-2", "Which") == far);
  }
  // Worth a look, but not everywhere.
  CHECK(marks["OUT OF RANGE"] > 0);
  CHECK(marks["check"] > 0);
  CHECK(marks["OUT OF RANGE"] + marks["check"] < marks[""] / 8);
}

TEST_CASE(
    "adjustment data list: what an engineer set stays; what the machine measures moves as its part wears [L]") {
  Office office;
  const DeviceList young = office.list(ListId::adjustment);
  office.pass(days{200});
  const DeviceList old = office.list(ListId::adjustment);
  std::size_t moved = 0;
  for (const std::string& code : codes_of(young, "A-")) {
    CAPTURE(code);
    const bool measured = cell_of(young, code, "Moves with part, used") != "no such cell";
    const bool same = cell_of(young, code, "Value") == cell_of(old, code, "Value");
    if (!measured) CHECK(same);
    if (!same) ++moved;
  }
  CHECK(moved >= 8);
}
