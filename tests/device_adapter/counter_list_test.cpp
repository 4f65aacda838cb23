// Knows nothing of the layout but the codes.
#include <doctest/doctest.h>

#include <map>
#include <set>

#include "copier_fixture.hpp"

using namespace remotemail;
using namespace remotemail::test;
using namespace std::chrono_literals;

namespace {

std::uint64_t sum(const DeviceList& list, unsigned first, unsigned last) {
  std::uint64_t all = 0;
  for (unsigned code = first; code <= last; ++code) all += count_of(list, "C-" + std::to_string(code));
  return all;
}

DeviceList after_a_year(std::uint64_t seed) {
  Office office(seed);
  office.pass(std::chrono::days{100});
  CHECK(office.copier->make_copies(321).ok());
  CHECK(office.copier->set_state(DeviceState::jam).ok());
  CHECK(office.copier->set_state(DeviceState::service_call).ok());
  CHECK(office.copier->set_state(DeviceState::ready).ok());
  office.pass(std::chrono::days{265});
  return office.counters();
}

}  // namespace

TEST_CASE("counter list: its totals agree, after a year of any seed [L]") {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    CAPTURE(seed);
    const DeviceList list = after_a_year(seed);
    const std::uint64_t total = count_of(list, "C-01");
    CHECK(total > 50'000);
    CHECK(count_of(list, "C-11") + count_of(list, "C-12") == total);  // functions
    CHECK(sum(list, 51, 64) == total);                                // sizes
    CHECK(sum(list, 41, 43) == total);                                // exits
    CHECK(count_of(list, "C-14") + count_of(list, "C-15") == count_of(list, "C-13"));
    CHECK(sum(list, 32, 36) == count_of(list, "C-31"));  // trays
    CHECK(count_of(list, "C-31") + count_of(list, "C-13") == total);
    CHECK(count_of(list, "C-02") <= total);
    CHECK(sum(list, 92, 95) == count_of(list, "C-91"));  // places of jams
    CHECK(count_of(list, "C-81") <= count_of(list, "C-11"));
    CHECK(count_of(list, "C-71") <= count_of(list, "C-72"));
    CHECK(count_of(list, "C-73") <= count_of(list, "C-31"));
  }
}

TEST_CASE("counter list: every counter of the machine's family is there and moves within a year [L]") {
  const DeviceList list = after_a_year(7145);
  for (const char* label : {"Total",
                            "PM counter",
                            "PM cycle",
                            "Copy",
                            "Print",
                            "Duplex",
                            "ADF originals",
                            "Platen originals",
                            "Tray 1",
                            "Tray 2",
                            "Tray 3",
                            "Tray 4",
                            "Bypass tray",
                            "Finisher main tray",
                            "A3",
                            "B4",
                            "F4",
                            "A4",
                            "A4R",
                            "B5",
                            "B5R",
                            "A5",
                            "11x17",
                            "8.5x14",
                            "8.5x11",
                            "5.5x8.5",
                            "Wide",
                            "Special",
                            "Staple",
                            "Punch",
                            "Key counter",
                            "Jams",
                            "SC"}) {
    CAPTURE(label);
    bool found = false;
    for (const Section& section : list.sections) {
      for (const Row& row : section.rows) {
        if (row.cells.at(0) != label) continue;
        found = true;
        CHECK(row.cells.at(1) != "0");
      }
    }
    CHECK(found);
  }
}

TEST_CASE("counter list: every counter says in one line what it counts, and exactly one is the billing total [L]") {
  const DeviceList list = after_a_year(1);
  unsigned billing = 0;
  std::set<std::string> codes, meanings;
  for (const Section& section : list.sections) {
    for (const Row& row : section.rows) {
      CAPTURE(row.code);
      REQUIRE(row.cells.size() == section.columns.size());
      CHECK(codes.insert(row.code).second);
      CHECK(row.cells.at(2).size() > 5);
      CHECK(meanings.insert(row.cells.at(2)).second);
      if (row.billing_total) ++billing;
      // G9: the whole row fits a line of 128.
      CHECK(row.code.size() + row.cells[0].size() + row.cells[1].size() + row.cells[2].size() < 110);
    }
  }
  CHECK(billing == 1);
  CHECK(find_row(list, "C-01")->billing_total);
}

TEST_CASE("counter list: codes and what they mean never change") {
  // The golden half of the contract with whoever reads lists by program. Append only.
  const std::map<std::string, std::string> known{{"C-01", "Total"},
                                                 {"C-02", "PM counter"},
                                                 {"C-03", "PM cycle"},
                                                 {"C-04", "PM resets"},
                                                 {"C-11", "Copy"},
                                                 {"C-12", "Print"},
                                                 {"C-13", "Duplex"},
                                                 {"C-21", "ADF originals"},
                                                 {"C-31", "Feed"},
                                                 {"C-36", "Bypass tray"},
                                                 {"C-43", "Machine exit"},
                                                 {"C-51", "A3"},
                                                 {"C-54", "A4"},
                                                 {"C-60", "8.5x14"},
                                                 {"C-64", "Special"},
                                                 {"C-71", "Staple"},
                                                 {"C-81", "Key counter"},
                                                 {"C-91", "Jams"},
                                                 {"C-95", "Finisher jams"},
                                                 {"C-96", "SC"},
                                                 {"C-22", "Platen originals"}};
  Office office;
  const DeviceList list = office.counters();
  for (const auto& entry : known) {
    CAPTURE(entry.first);
    const Row* row = find_row(list, entry.first);
    REQUIRE(row != nullptr);
    CHECK(row->cells.at(0) == entry.second);
  }
}

TEST_CASE("counter list: the phone shows total, copy, print, PM first, under short names [G10]") {
  std::map<unsigned, std::string> places;
  const DeviceList list = after_a_year(2);
  for (const Section& section : list.sections) {
    for (const Row& row : section.rows) {
      CHECK((row.phone_rank > 0) == !row.phone_label.empty());
      if (row.phone_rank == 0) continue;
      CHECK(row.phone_label.size() <= 12);
      CHECK(row.phone_value == row.cells.at(1));
      CHECK(row.phone_label.size() + 1 + row.phone_value.size() <= 24);
      CHECK(places.emplace(row.phone_rank, row.phone_label).second);
    }
  }
  CHECK(places[1] == "Total");
  CHECK(places[2] == "Copy");
  CHECK(places[3] == "Print");
  CHECK(places[4] == "PM");
}

TEST_CASE("counter list: the PM counter starts anew after maintenance, and says how often it did [L]") {
  Office office;
  office.pass(std::chrono::days{3 * 365});
  const DeviceList list = office.counters();
  const std::uint64_t cycle = count_of(list, "C-03");
  CHECK(cycle == 250'000);
  CHECK(count_of(list, "C-04") >= 1);
  CHECK(count_of(list, "C-02") + count_of(list, "C-04") * cycle <= count_of(list, "C-01"));
  CHECK(count_of(list, "C-02") < cycle + 10'000);
}
