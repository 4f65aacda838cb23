// What users stored and set, and the fonts: three lists that the work hardly changes.
#include <doctest/doctest.h>

#include <set>

#include "copier_fixture.hpp"
#include "core/text.hpp"

using namespace remotemail;
using namespace remotemail::test;
using std::chrono::days;

TEST_CASE("job memory list: thirty places, some of them empty, each stored job another one [L]") {
  std::set<std::size_t> how_many;
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    CAPTURE(seed);
    const auto office = old_office(seed);
    const DeviceList list = office->list(ListId::job);
    std::set<std::string> names;
    std::size_t empty = 0;
    for (const std::string& code : codes_of(list, "J-")) {
      CAPTURE(code);
      const std::string name = cell_of(list, code, "Name");
      if (cell_of(list, code, "Paper").empty()) {
        CHECK(name == "(empty)");
        ++empty;
      } else {
        CHECK(names.insert(name).second);
      }
    }
    CHECK(names.size() + empty == 30);
    CHECK(names.size() >= 12);
    CHECK(empty >= 1);
    CHECK(count_of(list, "JS-1", "Count") == names.size());
    CHECK(count_of(list, "JS-2", "Count") == empty);
    how_many.insert(empty);
  }
  CHECK(how_many.size() > 1);
}

TEST_CASE(
    "job memory list: what is stored can be copied by this machine, and is used no more often than it copied [L]") {
  const std::set<std::string> papers{"A3", "B4", "F4", "A4", "A4R", "B5", "B5R", "A5", "8.5x11"};
  const std::set<std::string> trays{"tray 1", "tray 2", "tray 3", "tray 4", "bypass"};
  const std::set<std::string> sides{"1-1", "1-2", "2-1", "2-2"};
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    CAPTURE(seed);
    const auto office = old_office(seed);
    const DeviceList list = office->list(ListId::job);
    const std::uint64_t total = office->total();
    std::uint64_t sides_at_least = 0;
    for (const std::string& code : codes_of(list, "J-")) {
      if (cell_of(list, code, "Paper").empty()) continue;
      CAPTURE(code);
      const std::string tray = cell_of(list, code, "Tray"), paper = cell_of(list, code, "Paper");
      const std::string how = cell_of(list, code, "Sides"), finishing = cell_of(list, code, "Finishing");
      CHECK(trays.contains(tray));
      CHECK(papers.contains(paper));
      CHECK(sides.contains(how));
      if (tray == "tray 1") CHECK(paper == "A4");
      if (tray == "tray 2") CHECK(paper == "A4R");
      if (tray == "bypass") CHECK(how == "1-1");
      if (finishing.find("staple") != std::string::npos) CHECK(finishing.starts_with("sort"));
      const std::uint64_t zoom = count_of(list, code, "Zoom"), sets = count_of(list, code, "Sets");
      CHECK(zoom >= 25);
      CHECK(zoom <= 400);
      CHECK(sets >= 1);
      CHECK(sets <= 999);
      CHECK(count_of(list, code, "Stored at") <= total);
      sides_at_least += sets * count_of(list, code, "Used");
    }
    CHECK(sides_at_least < count_of(office->counters(), "C-11"));
  }
}

TEST_CASE(
    "job memory list: none is stored on the day of installation, more come as the machine is used [L]") {
  Office office;
  CHECK(count_of(office.list(ListId::job), "JS-1", "Count") == 0);
  office.pass(days{60});
  const std::uint64_t first = count_of(office.list(ListId::job), "JS-1", "Count");
  office.pass(days{400});
  const DeviceList later = office.list(ListId::job);
  CHECK(count_of(later, "JS-1", "Count") > first);
  CHECK(first > 0);
  // While it stands still nobody recalls one.
  CHECK(office.copier->set_state(DeviceState::low_power).ok());
  office.pass(days{100});
  CHECK(text_of(office.list(ListId::job)) == text_of(later));
}

TEST_CASE(
    "user management list: timers, trays, language, limits and 24 memory switches, each with its setting [L]") {
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    CAPTURE(seed);
    Office office(seed);
    const DeviceList list = office.list(ListId::user);
    for (const std::string& code : codes_of(list, "U-")) {
      CAPTURE(code);
      const Row* row = find_row(list, code);
      CHECK(!row->cells.at(0).empty());
      CHECK(!row->cells.at(1).empty());
    }
    for (const char* item : {"Auto clear", "Low power", "Shut-off", "Tray 1", "Bypass tray",
                             "Language of the panel", "Most sets of a job", "E.K.C."}) {
      CAPTURE(item);
      bool found = false;
      for (const std::string& code : codes_of(list, "U-"))
        found = found || find_row(list, code)->cells[0] == item;
      CHECK(found);
    }
    std::uint64_t number = 0;
    for (const std::string& code : codes_of(list, "U-")) {
      if (cell_of(list, code, "Memory switch") == "no such cell") continue;
      CHECK(count_of(list, code, "No.") == ++number);
      const std::string set = cell_of(list, code, "Set to");
      CHECK((set == "on" || set == "off"));
    }
    CHECK(number == 24);
  }
}

TEST_CASE("user management list: a setting that was changed shows what the factory had set [L]") {
  std::size_t changed = 0, all = 0;
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    Office office(seed);
    const DeviceList list = office.list(ListId::user);
    for (const std::string& code : codes_of(list, "U-")) {
      const std::string factory = cell_of(list, code, "Factory, if changed");
      if (factory == "no such cell") continue;
      ++all;
      if (factory.empty()) continue;
      ++changed;
      CHECK(factory != cell_of(list, code, "Set to"));
    }
  }
  CHECK(changed * 20 > all);
  CHECK(changed * 3 < all);
}

TEST_CASE("user management list: a tray that goes on from another one holds plain paper [L]") {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    Office office(seed);
    const DeviceList list = office.list(ListId::user);
    for (const std::string& code : codes_of(list, "U-1")) {
      if (cell_of(list, code, "Another tray when empty") == "yes")
        CHECK(cell_of(list, code, "Medium") == "plain");
    }
  }
}

TEST_CASE("font pattern list: each character from 20 to 7E stands where its code says [L]") {
  Office office;
  const DeviceList list = office.list(ListId::font);
  const std::string_view digits = "0123456789ABCDEF";
  for (char c = 0x20; c < 0x7F; ++c) {
    const auto code = static_cast<unsigned>(c);
    CAPTURE(code);
    const std::string cell =
        cell_of(list, std::string(1, digits[code / 16]) + "x", digits.substr(code % 16, 1));
    CHECK(cell == (c == ' ' ? std::string("SP") : std::string(1, c)));
  }
  CHECK(cell_of(list, "7x", "F").empty());
}

TEST_CASE(
    "font pattern list: a font whose ROM reads otherwise than expected is named, machines of a release agree [L]") {
  std::set<std::string> releases, checksums_of_first;
  std::size_t bad = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    Office office(seed);
    const DeviceList list = office.list(ListId::font);
    releases.insert(cell_of(list, "F-01", "ROM"));
    checksums_of_first.insert(cell_of(list, "F-01", "ROM") + cell_of(list, "F-01", "Expected"));
    for (const std::string& code : codes_of(list, "F-0")) {
      const std::string check = cell_of(list, code, "Check");
      if (check == "no such cell") continue;
      const bool same = cell_of(list, code, "Expected") == cell_of(list, code, "Read");
      CHECK(check == (same ? "good" : "BAD"));
      if (!same) ++bad;
    }
  }
  CHECK(releases.size() == 3);
  CHECK(checksums_of_first.size() == 3);
  CHECK(bad > 0);
  CHECK(bad < 20);
}
