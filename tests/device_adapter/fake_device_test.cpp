#include "remotemail/testing/fake_device.hpp"

#include <doctest/doctest.h>

#include "copier_fixture.hpp"
#include "remotemail/testing/device_contract.hpp"

using namespace remotemail;
using namespace remotemail::test;
using namespace remotemail::testing;
using namespace std::chrono_literals;

TEST_CASE("fake device: healthy, it keeps the contract of every adapter") {
  HandClock clock;
  FakeDevice device(clock);
  CHECK(check_device_contract(device, clock) == std::vector<std::string>{});
}

TEST_CASE("fake device: it is busy as often as told, then answers") {
  HandClock clock;
  FakeDevice device(clock);
  device.busy(2);
  device.fail_reads(1, Cause::device_broken);
  CHECK(device.read_list(ListId::job, {}).error().cause == Cause::device_busy);
  CHECK(device.read_list(ListId::job, {}).error().cause == Cause::device_busy);
  CHECK(device.read_list(ListId::job, {}).error().cause == Cause::device_broken);
  CHECK(device.read_list(ListId::job, {}).ok());
  CHECK(device.readings() == std::vector(4, ListId::job));
}

TEST_CASE("fake device: its states follow the script and the last one stays") {
  HandClock clock;
  FakeDevice device(clock);
  device.script_states({DeviceState::ready, DeviceState::jam, DeviceState::shut_off});
  CHECK(device.state() == DeviceState::ready);
  CHECK(device.state() == DeviceState::jam);
  CHECK(device.state() == DeviceState::shut_off);
  CHECK(device.state() == DeviceState::shut_off);
  CHECK(device.state_questions() == 4);
  device.set_state(DeviceState::low_power);
  CHECK(device.state() == DeviceState::low_power);
}

TEST_CASE("fake device: a slow one lets the test's time pass, and gives up at the deadline") {
  HandClock clock;
  FakeDevice device(clock, [&](std::chrono::milliseconds time) { clock.steady += time; });
  device.slow(5s);
  const SteadyTime begin = clock.steady;
  CHECK(device.read_list(ListId::font, {}).ok());
  CHECK(clock.steady - begin == 5s);
  CHECK(device.read_list(ListId::font, Deadline{}.within(clock.steady, 1s)).error().cause ==
        Cause::timed_out);
  CHECK(clock.steady - begin == 6s);
}

TEST_CASE("fake device: a slow one sees a stop while it waits") {
  HandClock clock;
  std::stop_source stop;
  FakeDevice device(clock, [&](std::chrono::milliseconds time) {
    clock.steady += time;
    if (clock.steady.time_since_epoch() >= 1s) stop.request_stop();
  });
  device.slow(1h);
  Deadline deadline;
  deadline.stop = stop.get_token();
  CHECK(device.read_list(ListId::font, deadline).error().cause == Cause::stopped);
  CHECK(clock.steady.time_since_epoch() < 1100ms);
}

TEST_CASE("fake device: a lacking list, a broken list and a failing identity are what the script says") {
  HandClock clock;
  FakeDevice device(clock);
  device.lacks(ListId::font);
  device.breaks(ListId::user, Cause::device_unreachable);
  device.fail_identity(Cause::device_unreachable);
  CHECK_FALSE(device.supports(ListId::font));
  CHECK(device.read_list(ListId::font, {}).error().cause == Cause::device_unsupported);
  CHECK(device.read_list(ListId::user, {}).error().cause == Cause::device_unreachable);
  CHECK(device.read_list(ListId::job, {}).ok());
  CHECK(device.identity({}).error().cause == Cause::device_unreachable);
  device.breaks(ListId::user, std::nullopt);
  device.fail_identity(std::nullopt);
  CHECK(device.read_list(ListId::user, {}).ok());
  CHECK(device.identity({}).ok());
  CHECK(device.identity_questions() == 2);
}
