#include <doctest/doctest.h>

#include "copier_fixture.hpp"

using namespace remotemail;
using namespace remotemail::test;
using namespace std::chrono_literals;

TEST_CASE("panel: it answers in ready, jam, SC and low power, and counts as off in the others [A8] [A13]") {
  struct Case {
    DeviceState state;
    bool off;
  };
  const Case cases[] = {{DeviceState::jam, false},
                        {DeviceState::service_call, false},
                        {DeviceState::low_power, false},
                        {DeviceState::ready, false},
                        {DeviceState::shut_off, true}};
  for (const Case& c : cases) {
    Office office;
    CAPTURE(words(c.state));
    REQUIRE(office.copier->set_state(c.state).ok());
    CHECK(office.copier->state() == c.state);
    CHECK(is_off(office.copier->state()) == c.off);
    const auto list = office.copier->read_list(ListId::counter, {});
    CHECK(list.ok() == !c.off);
    if (!list) CHECK(list.error().cause == Cause::device_off);
    // Reading has not woken it.
    CHECK(office.copier->state() == c.state);
  }
}

TEST_CASE("panel: either power switch turns it off, the main one is named first [A12]") {
  Office office;
  CHECK(office.copier->set_power(PowerSwitch::sub, false).ok());
  CHECK(office.copier->state() == DeviceState::sub_power_off);
  CHECK(office.copier->set_power(PowerSwitch::main, false).ok());
  CHECK(office.copier->state() == DeviceState::main_power_off);
  CHECK(office.copier->set_power(PowerSwitch::sub, true).ok());
  CHECK(office.copier->state() == DeviceState::main_power_off);
  CHECK_FALSE(office.copier->view().main_power);
  CHECK(office.copier->view().sub_power);
  CHECK(office.copier->set_power(PowerSwitch::main, true).ok());
  CHECK(office.copier->state() == DeviceState::ready);
}

TEST_CASE("panel: with a switch off nothing else can be pressed") {
  Office office;
  CHECK(office.copier->set_power(PowerSwitch::sub, false).ok());
  CHECK(office.copier->set_state(DeviceState::jam).error().cause == Cause::device_off);
  CHECK(office.copier->make_copies(1).error().cause == Cause::device_off);
  CHECK(office.copier->set_ip({"10.0.0.7", "255.0.0.0", "10.0.0.1"}).error().cause == Cause::device_off);
}

TEST_CASE("panel: states that follow from switches or network cannot be set") {
  Office office;
  for (const auto state :
       {DeviceState::sub_power_off, DeviceState::main_power_off, DeviceState::unreachable}) {
    CHECK(office.copier->set_state(state).error().cause == Cause::invalid_value);
  }
  CHECK(office.memory.records.empty());
}

TEST_CASE("panel: a jam and an SC are still there after power OFF/ON, low power and shut-off are not") {
  struct Case {
    DeviceState before, after;
  };
  const Case cases[] = {{DeviceState::jam, DeviceState::jam},
                        {DeviceState::service_call, DeviceState::service_call},
                        {DeviceState::low_power, DeviceState::ready},
                        {DeviceState::shut_off, DeviceState::ready}};
  for (const Case& c : cases) {
    CAPTURE(words(c.before));
    Office office;
    CHECK(office.copier->set_state(c.before).ok());
    CHECK(office.copier->set_power(PowerSwitch::main, false).ok());
    CHECK(office.copier->set_power(PowerSwitch::main, true).ok());
    CHECK(office.copier->state() == c.after);
  }
}

TEST_CASE("panel: jam and SC are named and counted, once each") {
  Office office;
  CHECK(office.copier->set_state(DeviceState::jam).ok());
  CHECK(office.copier->set_state(DeviceState::jam).ok());
  CHECK(office.copier->view().condition.starts_with("Paper jam at J-"));
  CHECK(office.copier->set_state(DeviceState::service_call).ok());
  CHECK(office.copier->view().condition.starts_with("SC "));
  CHECK(count_of(office.counters(), "C-91") == 1);
  CHECK(count_of(office.counters(), "C-96") == 1);
  CHECK(office.copier->set_state(DeviceState::ready).ok());
  CHECK(office.copier->view().condition.empty());
}

TEST_CASE("panel: copies count at once, as copies of A4 from tray 1") {
  Office office;
  CHECK(office.copier->make_copies(25).ok());
  const DeviceList list = office.counters();
  for (const char* code : {"C-01", "C-02", "C-11", "C-31", "C-32", "C-41", "C-54"}) {
    CAPTURE(code);
    CHECK(count_of(list, code) == 25);
  }
  CHECK(count_of(list, "C-12") == 0);
  CHECK(count_of(list, "C-22") == 1);
  CHECK(office.copier->view().total_count == 25);
}

TEST_CASE("panel: no copies in jam or SC, and only 1 to 9999 of them; in low power they wake the machine") {
  Office office;
  for (const auto state : {DeviceState::jam, DeviceState::service_call}) {
    CHECK(office.copier->set_state(state).ok());
    const Status made = office.copier->make_copies(1);
    REQUIRE_FALSE(made.ok());
    CHECK(made.error().cause == Cause::refused);
    CHECK(made.error().detail == office.copier->view().condition);
  }
  CHECK(office.copier->set_state(DeviceState::shut_off).ok());
  CHECK(office.copier->make_copies(1).error().cause == Cause::device_off);
  CHECK(office.copier->set_state(DeviceState::low_power).ok());
  CHECK(office.copier->make_copies(0).error().cause == Cause::invalid_value);
  CHECK(office.copier->make_copies(10'000).error().cause == Cause::invalid_value);
  CHECK(office.copier->state() == DeviceState::low_power);
  CHECK(office.copier->make_copies(9'999).ok());
  CHECK(office.copier->state() == DeviceState::ready);
  CHECK(office.total() == 9'999);
}

TEST_CASE("panel: an IP address setting becomes effective by power OFF/ON, also over a restart [B3]") {
  Office office;
  const IpSetting factory = office.copier->view().ip;
  const IpSetting wanted{"10.0.0.7", "255.0.0.0", "10.0.0.1"};
  CHECK(check_ip_setting(factory).ok());
  CHECK(office.copier->set_ip({" 10.0.0.7 ", "255.0.0.0", "10.0.0.1"}).ok());
  CHECK(office.copier->view().ip == factory);
  CHECK(office.copier->view().ip_after_power_cycle == wanted);
  office.restart();
  CHECK(office.copier->view().ip == factory);
  CHECK(office.copier->view().ip_after_power_cycle == wanted);
  CHECK(office.copier->set_power(PowerSwitch::main, false).ok());
  CHECK(office.copier->view().ip == factory);
  CHECK(office.copier->set_power(PowerSwitch::main, true).ok());
  CHECK(office.copier->view().ip == wanted);
}

TEST_CASE("panel: a wrong IP address setting changes nothing [B2]") {
  Office office;
  CHECK(office.copier->set_ip({"10.0.0.7", "255.0.255.0", "10.0.0.1"}).error().cause == Cause::invalid_value);
  CHECK(office.copier->view().ip_after_power_cycle == office.copier->view().ip);
  CHECK(office.memory.records.empty());
}

TEST_CASE("panel: a list printed and one mailed at the same moment are equal, and the sheet is counted nowhere [A1, G12]") {
  Office office;
  office.pass(std::chrono::days{40} + 11h);
  for (const auto state : {DeviceState::ready, DeviceState::jam, DeviceState::service_call}) {
    CAPTURE(words(state));
    CHECK(office.copier->set_state(state).ok());
    for (const ListWord& word : kListWords) {
      CAPTURE(word.title);
      const auto before = office.copier->read_list(word.id, {});
      const auto printed = office.copier->print_list(word.id);
      const auto after = office.copier->read_list(word.id, {});
      REQUIRE(printed.ok() == before.ok());
      if (!printed) CHECK(printed.error().cause == Cause::device_unsupported);
      if (!printed) continue;
      CHECK(text_of(*printed) == text_of(*before));
      CHECK(text_of(*printed) == text_of(*after));
    }
  }
}

TEST_CASE("panel: printing a list wakes the machine from low power, a mail does not; off, it prints nothing [A12, A13]") {
  Office office;
  CHECK(office.copier->set_state(DeviceState::low_power).ok());
  CHECK(office.copier->read_list(ListId::counter, {}).ok());
  CHECK(office.copier->state() == DeviceState::low_power);
  CHECK(office.copier->print_list(ListId::counter).ok());
  CHECK(office.copier->state() == DeviceState::ready);
  office.restart();
  CHECK(office.copier->state() == DeviceState::ready);

  CHECK(office.copier->set_state(DeviceState::low_power).ok());
  office.memory.broken = true;
  CHECK(office.copier->print_list(ListId::counter).error().cause == Cause::store_full);
  CHECK(office.copier->state() == DeviceState::low_power);
  office.memory.broken = false;

  CHECK(office.copier->set_state(DeviceState::shut_off).ok());
  CHECK(office.copier->print_list(ListId::counter).error().cause == Cause::device_off);
  CHECK(office.copier->set_power(PowerSwitch::sub, false).ok());
  CHECK(office.copier->print_list(ListId::counter).error().cause == Cause::device_off);
}
