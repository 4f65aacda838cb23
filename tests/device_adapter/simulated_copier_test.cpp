#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "copier_fixture.hpp"
#include "device_adapter/office_work.hpp"

using namespace remotemail;
using namespace remotemail::test;
using namespace std::chrono_literals;
using std::chrono::days;

TEST_CASE("simulated copier: model and serial number come from the seed and the year of birth") {
  Office one(1), two(2), again(1);
  const DeviceIdentity identity = one.copier->identity({}).value();
  CHECK(identity.model == "RM-7145");
  CHECK(identity.serial_number.size() == 9);
  CHECK(identity.serial_number.starts_with("26WE"));
  CHECK(identity.serial_number == again.copier->identity({})->serial_number);
  CHECK(identity.serial_number != two.copier->identity({})->serial_number);
  CHECK(one.copier->view().identity.serial_number == identity.serial_number);
}

TEST_CASE("simulated copier: it offers the lists that it has and says of the others that it has none [L]") {
  Office office;
  for (const ListWord& word : kListWords) {
    CAPTURE(word.option);
    const auto list = office.copier->read_list(word.id, {});
    CHECK(list.ok() == office.copier->supports(word.id));
    if (list) CHECK(list->id == word.id);
    if (!list) CHECK(list.error().cause == Cause::device_unsupported);
  }
  CHECK(office.copier->supports(ListId::counter));
}

TEST_CASE("simulated copier: it works on weekdays in office hours and not at other times") {
  Office office;
  std::uint64_t before = 0, worked_hours = 0;
  for (int hour = 0; hour < 8 * 7 * 24; ++hour) {
    office.pass(1h);
    const std::uint64_t now = office.total();
    if (now > before) {
      ++worked_hours;
      const int of_day = hour % 24, of_week = hour / 24 % 7;
      CAPTURE(hour);
      CHECK(of_week < 5);
      CHECK(of_day >= 7);
      CHECK(of_day < 19);
    }
    CHECK(now >= before);
    before = now;
  }
  CHECK(worked_hours > 100);
}

TEST_CASE("simulated copier: a day's work grows within the day") {
  Office office;
  office.pass(12h);
  const std::uint64_t noon = office.total();
  office.pass(12h);
  CHECK(noon > 0);
  CHECK(office.total() > noon);
}

TEST_CASE("simulated copier: a day's jobs come in the order of their times, the first of them marked, at most 64") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const OfficeWork work(seed);
    for (auto day = std::chrono::floor<days>(kBirth); day < std::chrono::floor<days>(kBirth) + days{60};
         day += days{1}) {
      const std::vector<OfficeJob> jobs = work.jobs_of(day);
      CHECK(jobs.size() <= 64);
      CHECK(std::ranges::is_sorted(jobs, {}, &OfficeJob::at));
      for (const OfficeJob& job : jobs) {
        CHECK(job.first_of_day == (&job == &jobs.front()));
        CHECK(std::chrono::floor<days>(job.at) == day);
        CHECK(job.originals * job.sets > 0);
      }
    }
  }
}

TEST_CASE("simulated copier: seeds differ, the same seed is the same for ever") {
  Office one(1), two(2), again(1);
  for (Office* office : {&one, &two, &again}) office->pass(days{60});
  CHECK(text_of(one.counters()) == text_of(again.counters()));
  CHECK(one.total() != two.total());
  // On any machine, with any compiler: lists of old tests and demos stay what they were.
  Office golden;
  golden.pass(days{30});
  CHECK(golden.total() == 16361);
}

TEST_CASE("simulated copier: no own work while off, jammed, in SC or in low power, and none is made up for [A8] [A13]") {
  for (const auto state :
       {DeviceState::jam, DeviceState::service_call, DeviceState::low_power, DeviceState::shut_off}) {
    CAPTURE(words(state));
    Office office;
    office.pass(days{1});
    CHECK(office.copier->set_state(state).ok());
    const std::uint64_t total = office.total();
    office.pass(days{14});
    CHECK(office.total() == total);
    CHECK(office.copier->set_state(DeviceState::ready).ok());
    CHECK(office.total() == total);
    office.pass(days{7});
    CHECK(office.total() > total);
  }
  for (const auto which : {PowerSwitch::main, PowerSwitch::sub}) {
    Office office;
    office.pass(days{1});
    CHECK(office.copier->set_power(which, false).ok());
    const std::uint64_t total = office.total();
    office.pass(days{14});
    CHECK(office.copier->set_power(which, true).ok());
    CHECK(office.total() == total);
  }
}

TEST_CASE("simulated copier: a clock that jumps back makes no counter shrink; it stands still until the clock is there") {
  Office office;
  office.pass(days{30});
  const std::uint64_t total = office.total();
  office.pass(-days{20});
  CHECK(office.total() == total);
  office.pass(days{10});
  CHECK(office.total() == total);
  CHECK(office.copier->make_copies(4).ok());
  CHECK(office.total() == total + 4);
  office.pass(days{20});
  const std::uint64_t later = office.total();
  CHECK(later > total + 4);
  // The copies were recorded at machine time, so a restart finds the same.
  office.restart();
  CHECK(office.total() == later);
}

TEST_CASE("simulated copier: what is pressed while the clock is behind stands behind the work already shown") {
  Office office;
  office.pass(days{30});
  const std::uint64_t total = office.total();
  office.pass(-days{20});
  CHECK(office.copier->set_power(PowerSwitch::main, false).ok());
  office.pass(days{20});
  office.restart();
  CHECK(office.total() == total);
}

TEST_CASE("simulated copier: after a restart with the clock set back it stands at the latest panel action") {
  Office office;
  office.pass(days{30});
  CHECK(office.copier->make_copies(4).ok());
  const std::uint64_t total = office.total();
  office.pass(-days{20});
  office.restart();
  CHECK(office.total() == total);
}

TEST_CASE("simulated copier: a clock before its birth or centuries later is harmless") {
  Office office;
  office.clock.wall = WallTime{};
  office.restart();
  CHECK(office.total() == 0);
  office.clock.wall = WallTime::max();
  const std::uint64_t end = office.total();
  CHECK(end > 1'000'000);
  office.clock.wall = WallTime::min();
  CHECK(office.total() == end);
  CHECK(office.copier->make_copies(1).ok());
  CHECK(office.total() == end + 1);
  office.make.birth = WallTime::max();
  office.restart();
  CHECK(office.copier->identity({})->serial_number.starts_with("00WE"));
}

TEST_CASE("simulated copier: a list asked twice at one moment shows the same values [G12]") {
  Office office;
  office.pass(days{3} + 11h);
  CHECK(text_of(office.counters()) == text_of(office.counters()));
}

TEST_CASE("simulated copier: a passed deadline and a stop are answers of their own") {
  Office office;
  Deadline passed;
  passed.at = office.clock.steady;
  CHECK(office.copier->read_list(ListId::counter, passed).error().cause == Cause::timed_out);
  CHECK(office.copier->identity(passed).error().cause == Cause::timed_out);
  std::stop_source source;
  source.request_stop();
  Deadline stopped;
  stopped.stop = source.get_token();
  CHECK(office.copier->read_list(ListId::counter, stopped).error().cause == Cause::stopped);
}

TEST_CASE("simulated copier: agent, web and commands may call it at once") {
  Office office;
  office.pass(days{30});
  std::atomic<bool> stop = false;
  std::atomic<unsigned> odd = 0;
  std::thread reader([&] {
    while (!stop) {
      const auto list = office.copier->read_list(ListId::counter, {});
      if (list && count_of(*list, "C-11") + count_of(*list, "C-12") != count_of(*list, "C-01")) ++odd;
      office.copier->state();
    }
  });
  std::thread viewer([&] {
    while (!stop) office.copier->view();
  });
  const std::uint64_t before = office.total();
  std::thread presser([&] {
    for (int i = 0; i < 200; ++i) {
      if (!office.copier->make_copies(2)) ++odd;
    }
  });
  for (int i = 0; i < 200; ++i) {
    CHECK(office.copier->make_copies(1).ok());
    CHECK(office.copier->set_state(i % 2 == 0 ? DeviceState::low_power : DeviceState::ready).ok());
  }
  presser.join();
  stop = true;
  reader.join();
  viewer.join();
  CHECK(odd == 0);
  CHECK(office.total() == before + 600);
  office.restart();
  CHECK(office.total() == before + 600);
  CHECK(office.copier->skipped_records() == 0);
}
