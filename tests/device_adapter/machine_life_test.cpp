// What happens to the machine in the course of time, seen from inside.
#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

#include "copier_fixture.hpp"
#include "device_adapter/lists/outlook.hpp"
#include "device_adapter/machine.hpp"

using namespace remotemail;
using namespace remotemail::test;
using namespace std::chrono_literals;
using std::chrono::days;

namespace {

Machine machine_of(std::uint64_t seed) {
  return Machine({seed, kBirth});
}

template <typename Range>
std::uint64_t sum(const Range& range) {
  return std::accumulate(range.begin(), range.end(), std::uint64_t{0});
}

std::uint64_t replacements(const MachineLife& life) {
  std::uint64_t all = 0;
  for (const PartLife& part : life.parts) all += part.replaced;
  return all;
}

// What holds at every moment, whatever happened.
void check_life(const MachineLife& life) {
  const Counters& counters = life.counters;
  std::uint64_t sides = 0;
  for (const auto& mode : life.sides) sides += sum(mode);
  CHECK(sides == counters[Counter::total]);
  CHECK(sum(life.jams) == counters[Counter::jams]);
  CHECK(sum(life.service_calls) == counters[Counter::service_calls]);
  // What is said of the time since PM begins with the latest one.
  CHECK(life.counters_at_pm[Counter::total] + counters[Counter::pm] == counters[Counter::total]);
  CHECK(life.counters_at_pm[Counter::pms_done] == counters[Counter::pms_done]);
  CHECK(sum(life.jams_at_pm) == life.counters_at_pm[Counter::jams]);

  std::uint64_t on_account = 0;
  for (const Account& account : life.accounts) {
    CAPTURE(account.number);
    on_account += account.count();
    CHECK(sum(account.by_paper) == account.count());
    CHECK((account.limit == 0 || account.count() <= account.limit));
    CHECK(account.code.size() >= 4);
    CHECK(account.code.size() <= 8);
    CHECK(account.code.find_first_not_of("0123456789") == std::string::npos);
  }
  CHECK(on_account == counters[Counter::ekc]);

  CHECK(life.toner.used < kTonerBottle);
  CHECK(life.toner.bottles == counters[Counter::toner_bottles]);
  std::uint64_t used = 0;
  for (const auto& function : life.coverage.since_toner) {
    for (std::size_t paper = 0; paper < kPapers; ++paper)
      used += function[paper].hundredths * kPaperAreas[paper];
  }
  CHECK(used == life.toner.used);
  for (std::size_t i = 0; i < kParts.size(); ++i) {
    CAPTURE(kParts[i].name);
    CHECK(life.parts[i].at_total <= counters[Counter::total]);
    CHECK(life.parts[i].fitted <= life.at);
    if (kParts[i].wear == Wear::side)
      CHECK(life.parts[i].count + life.parts[i].at_total == counters[Counter::total]);
  }
}

}  // namespace

TEST_CASE("machine's life: in a year it jams and is cleared, calls for service and is mended, wears, is maintained") {
  std::uint64_t jams = 0, calls = 0, pms = 0, bottles = 0, replaced = 0;
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    CAPTURE(seed);
    Machine machine = machine_of(seed);
    MachineLife before = machine.life();
    for (int month = 1; month <= 24; ++month) {
      machine.advance(kBirth + days{month * 30});
      const MachineLife& life = machine.life();
      check_life(life);
      CHECK(life.state == DeviceState::ready);
      CHECK(life.condition.empty());
      for (std::size_t i = 0; i < kJams.size(); ++i) CHECK(life.jams[i] >= before.jams[i]);
      for (std::size_t i = 0; i < kServiceCalls.size(); ++i)
        CHECK(life.service_calls[i] >= before.service_calls[i]);
      for (std::size_t i = 0; i < kParts.size(); ++i) {
        CHECK(life.parts[i].replaced >= before.parts[i].replaced);
        if (life.parts[i].replaced == before.parts[i].replaced)
          CHECK(life.parts[i].count >= before.parts[i].count);
        // Nobody lets a part run far beyond its limit.
        CHECK(life.parts[i].used(kParts[i]) < 1'300);
      }
      for (std::size_t i = 0; i < index_of(Counter::count_of_them); ++i) {
        const auto counter = static_cast<Counter>(i);
        if (counter != Counter::pm) CHECK(life.counters[counter] >= before.counters[counter]);
      }
      for (std::size_t i = 0; i < kAccounts; ++i) {
        CHECK(life.accounts[i].count() >= before.accounts[i].count());
        CHECK(life.accounts[i].limit >= before.accounts[i].limit);
        CHECK(life.accounts[i].code == before.accounts[i].code);
      }
      CHECK(life.toner.bottles >= before.toner.bottles);
      before = life;
    }
    jams += before.counters[Counter::jams];
    calls += before.counters[Counter::service_calls];
    pms += before.counters[Counter::pms_done];
    bottles += before.toner.bottles;
    replaced += replacements(before);
    CHECK(before.counters[Counter::jams] > 20);
    CHECK(before.toner.bottles > 4);
    CHECK(before.newest_jams.size() == kNewestKept);
  }
  CHECK(jams > 600);
  CHECK(calls > 30);
  CHECK(pms >= 6);
  CHECK(bottles > 60);
  CHECK(replaced > 80);
}

TEST_CASE("machine's life: a worn part jams more often than a new one") {
  std::uint64_t new_jams = 0, new_sheets = 0, worn_jams = 0, worn_sheets = 0;
  const std::size_t rollers = part_index("S-01");
  for (std::uint64_t seed = 0; seed < 24; ++seed) {
    Machine machine = machine_of(seed);
    MachineLife before = machine.life();
    for (int week = 1; week <= 100; ++week) {
      machine.advance(kBirth + days{week * 7});
      const MachineLife& life = machine.life();
      const bool worn = before.parts[rollers].used(kParts[rollers]) > 600;
      (worn ? worn_jams : new_jams) += life.jams[0] - before.jams[0];
      (worn ? worn_sheets : new_sheets) += life.counters[Counter::tray1] - before.counters[Counter::tray1];
      before = life;
    }
  }
  CHECK(worn_jams * new_sheets > new_jams * worn_sheets * 3 / 2);
}

TEST_CASE("machine's life: in one step or in many, the same lists") {
  Office lived(5), leapt(5);
  for (int step = 0; step < 900; ++step) {
    lived.pass(17h + 13min + 11s);
    leapt.pass(17h + 13min + 11s);
    lived.total();
  }
  CHECK(text_of(lived) == text_of(leapt));
}

TEST_CASE("machine's life: a job that would pass its account's limit is not begun, next month goes on") {
  std::uint64_t refused = 0;
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    Machine machine = machine_of(seed);
    machine.advance(kBirth + days{700});
    for (const Account& account : machine.life().accounts) refused += account.refused;
    const auto before = machine.life().accounts;
    machine.advance(kBirth + days{770});
    for (std::size_t i = 0; i < 6; ++i) CHECK(machine.life().accounts[i].count() > before[i].count());
  }
  CHECK(refused > 0);
}

TEST_CASE("machine's life: a service call orders its part, the engineer brings it before the next day's work") {
  Office office;
  office.pass(days{10} + 20h);
  Machine machine = machine_of(7145);
  machine.advance(office.clock.wall);
  for (int i = 0; i < 40; ++i) {
    machine.apply({machine.life().at, DeviceState::service_call});
    machine.apply({machine.life().at, DeviceState::ready});
  }
  const std::size_t heater = part_index("S-11");
  REQUIRE(machine.life().parts[heater].ordered);
  CHECK(machine.life().parts[heater].replaced == 0);
  machine.advance(machine.life().at + days{5});
  CHECK_FALSE(machine.life().parts[heater].ordered);
  CHECK(machine.life().parts[heater].replaced == 1);
  CHECK(std::chrono::floor<days>(machine.life().parts[heater].fitted) >
        std::chrono::floor<days>(office.clock.wall));
}

TEST_CASE("machine's life: whatever the engineer replaces, the evening before the list said to bring it along [L]") {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    CAPTURE(seed);
    Machine machine = machine_of(seed);
    unsigned replaced = 0, brought = 0;
    for (int day = 0; day < 800; ++day) {
      machine.advance(kBirth + days{day} + 21h);
      const MachineLife evening = machine.life();
      machine.advance(kBirth + days{day + 1} + 21h);
      for (std::size_t i = 0; i < kParts.size(); ++i) {
        CAPTURE(kParts[i].name);
        brought += bring_along(evening, i) ? 1U : 0U;
        if (machine.life().parts[i].replaced == evening.parts[i].replaced) continue;
        CHECK(bring_along(evening, i));
        ++replaced;
      }
    }
    CHECK(replaced > 10);
    // It is a list to load a car by, not all that there is.
    CHECK(brought < 800 * kParts.size() / 5);
  }
}

TEST_CASE("machine's life: what a jam or service call means stands in the list, under the code the panel shows [L]") {
  Office office;
  for (int i = 0; i < 60; ++i) {
    for (const auto state : {DeviceState::jam, DeviceState::service_call}) {
      CHECK(office.copier->set_state(state).ok());
      const std::string shown = office.copier->view().condition;
      const DeviceList list = office.list(ListId::management1);
      CHECK(cell_of(list, "M-05", "Value") == words(state));
      CHECK(cell_of(list, "M-06", "Value").starts_with(shown + " ("));
      const bool jam = state == DeviceState::jam;
      CHECK(shown ==
            (jam ? "Paper jam at " + cell_of(list, "JN-01", "Jam") : "SC " + cell_of(list, "SN-01", "SC")));
      const std::string meaning = cell_of(list, jam ? "JN-01" : "SN-01", "What happened");
      CHECK(cell_of(list, "M-06", "Value") == shown + " (" + meaning + ")");
    }
  }
  CHECK(office.copier->set_state(DeviceState::ready).ok());
  CHECK(cell_of(office.list(ListId::management1), "M-06", "Value") == "no trouble");
}

TEST_CASE("machine's life: what was pressed on older versions is replayed, all of it") {
  Office office;
  office.memory.records = {"1 1767614400000 copies 7",       "1 1767614500000 state jam",
                           "1 1767614600000 power sub off",  "1 1767614700000 power sub on",
                           "1 1767614800000 state ready",    "1 1767614900000 ip 10.0.0.7 255.0.0.0 10.0.0.1",
                           "1 1767615000000 state low-power"};
  office.restart();
  CHECK(office.copier->skipped_records() == 0);
  CHECK(office.copier->state() == DeviceState::low_power);
  CHECK(office.copier->view().ip_after_power_cycle.address == "10.0.0.7");
  CHECK(count_of(office.counters(), "C-91") >= 1);
  CHECK(office.total() >= 7);
}

TEST_CASE("machine's life: a machine of two years looks like one: some 400,000 sides, one or two PMs, bottles, jams [L]") {
  Office office;
  office.pass(days{730});
  const DeviceList list = office.counters();
  CHECK(count_of(list, "C-01") > 300'000);
  CHECK(count_of(list, "C-01") < 600'000);
  CHECK(count_of(list, "C-04") >= 1);
  CHECK(count_of(list, "C-91") > 60);
  CHECK(count_of(list, "C-91") < 400);
  CHECK(count_of(list, "C-96") > 2);
  CHECK(codes_of(office.list(ListId::management2), "PM-").size() == count_of(list, "C-04"));
}
