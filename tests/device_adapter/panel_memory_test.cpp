#include <doctest/doctest.h>

#include "copier_fixture.hpp"
#include "device_adapter/panel_action.hpp"

using namespace remotemail;
using namespace remotemail::test;
using namespace std::chrono_literals;

TEST_CASE("panel memory: what was pressed is one line of text and reads back as itself") {
  const PanelAction actions[] = {
      {kBirth, DeviceState::ready},
      {kBirth + 1ms, DeviceState::jam},
      {kBirth, DeviceState::service_call},
      {kBirth, DeviceState::low_power},
      {kBirth, DeviceState::shut_off},
      {WallTime{}, SwitchTurned{PowerSwitch::main, false}},
      {kBirth, SwitchTurned{PowerSwitch::sub, true}},
      {kBirth, CopiesMade{1}},
      {kBirth, CopiesMade{kMostCopiesAtOnce}},
      {kBirth, IpSetting{"10.0.0.7", "255.0.0.0", "10.0.0.1"}},
  };
  for (const PanelAction& action : actions) {
    const std::string record = format_panel_action(action);
    CAPTURE(record);
    CHECK(record.find('\n') == std::string::npos);
    const auto back = parse_panel_action(record);
    REQUIRE(back.has_value());
    CHECK(*back == action);
  }
  // What was written yesterday must be readable for ever.
  CHECK(format_panel_action(actions[1]) == "1 1767571200001 state jam");
}

TEST_CASE("panel memory: a line of another version or form is not half understood") {
  const std::string_view bad[] = {"",
                                  "1",
                                  "2 1767571200000 state jam",
                                  "1 1767571200000 state",
                                  "1 1767571200000 state on-fire",
                                  "1 1767571200000 state jam now",
                                  "1  1767571200000 state jam",
                                  "1 -5 state jam",
                                  "1 99999999999999 state jam",
                                  "1 1767571200000 copies 0",
                                  "1 1767571200000 copies 10000",
                                  "1 1767571200000 copies -1",
                                  "1 1767571200000 power main",
                                  "1 1767571200000 power rear off",
                                  "1 1767571200000 power main maybe",
                                  "1 1767571200000 ip 10.0.0.7 255.0.255.0 10.0.0.1",
                                  "1 1767571200000 ip 10.0.0.7 255.0.0.0",
                                  "1 1767571200000 colour red"};
  for (const std::string_view record : bad) {
    CAPTURE(record);
    CHECK_FALSE(parse_panel_action(record).has_value());
  }
}

TEST_CASE("panel memory: unreadable records are skipped and counted, the others count") {
  Office office;
  office.memory.records = {"1 1767571200000 copies 7", "rubbish", "2 1767571200000 copies 7",
                           "1 1767571200000 copies 3"};
  office.restart();
  CHECK(office.total() == 10);
  CHECK(office.copier->skipped_records() == 2);
}

TEST_CASE("panel memory: a memory that cannot be read is an error, not an empty copier") {
  Office office;
  office.memory.broken = true;
  const auto copier = SimulatedCopier::open(office.make, office.memory, office.clock);
  REQUIRE_FALSE(copier.ok());
  CHECK(copier.error().cause == Cause::store_failed);
}

TEST_CASE("panel memory: what could not be written has not happened") {
  Office office;
  office.memory.broken = true;
  CHECK(office.copier->make_copies(5).error().cause == Cause::store_full);
  CHECK_FALSE(office.copier->set_state(DeviceState::jam).ok());
  CHECK_FALSE(office.copier->set_power(PowerSwitch::main, false).ok());
  CHECK(office.copier->state() == DeviceState::ready);
  CHECK(office.total() == 0);
  office.memory.broken = false;
  CHECK(office.copier->make_copies(5).ok());
  CHECK(office.total() == 5);
}

TEST_CASE("panel memory: passing time and reading write nothing; a press that changes nothing neither [R8]") {
  Office office;
  office.pass(std::chrono::days{100});
  office.counters();
  office.copier->view();
  CHECK(office.copier->set_state(DeviceState::ready).ok());
  CHECK(office.copier->set_power(PowerSwitch::main, true).ok());
  CHECK(office.memory.records.empty());
}

TEST_CASE("panel memory: the same seed, birth, actions and time give the same list, however it was asked on the way") {
  Office lived;
  for (int week = 0; week < 8; ++week) {
    for (int hour = 0; hour < 7 * 24; ++hour) {
      lived.pass(59min + 7s);
      if (hour % 5 == 0) lived.total();
      if (hour == 30) CHECK(lived.copier->set_state(DeviceState::jam).ok());
      if (hour == 33) CHECK(lived.copier->set_state(DeviceState::ready).ok());
      if (hour == 50) CHECK(lived.copier->make_copies(12).ok());
      if (hour == 75) CHECK(lived.copier->set_power(PowerSwitch::sub, false).ok());
      if (hour == 99) CHECK(lived.copier->set_power(PowerSwitch::sub, true).ok());
    }
  }
  const std::string before = text_of(lived.counters());
  lived.restart();
  CHECK(text_of(lived.counters()) == before);
  CHECK(lived.copier->view().condition.empty());
}

TEST_CASE("panel memory: work that falls into the writing of a press does not stand on both sides of it") {
  Office office;
  office.pass(10h);
  // A slow disk: an hour passes while OFF is written, and others look at the machine meanwhile.
  office.memory.meanwhile = [&] {
    office.pass(1h);
    CHECK(office.copier->state() == DeviceState::ready);
    office.total();
  };
  CHECK(office.copier->set_power(PowerSwitch::main, false).ok());
  office.memory.meanwhile = nullptr;
  const std::uint64_t total = office.total();
  office.restart();
  CHECK(office.total() == total);
}
