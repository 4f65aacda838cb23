#include <doctest/doctest.h>

#include "agent/line_fixture.hpp"

namespace remotemail::testing {
namespace {

JobRequest glance() {
  JobRequest request;
  request.kind = JobRequest::Kind::glance;
  return request;
}

}  // namespace

TEST_CASE("glance: tells who the machine is, the counters of the phone list and how far parts are used [L]") {
  Line line;
  CHECK(line.agent->glance() == nullptr);
  DeviceList use = sample_list(ListId::management2);
  use.sections.insert(
      use.sections.begin(),
      {"PM and toner",
       {{"Item", Column::Kind::text}, {"Count", Column::Kind::count}, {"Used", Column::Kind::percent, "%"}},
       {{"U-01", {"PM", "75", "75.0"}}, {"U-02", {"Toner"}}},
       ""});
  line.device.set_list(use);
  CHECK_FALSE(line.agent->perform(glance(), {}).error);
  const auto seen = line.agent->glance();
  REQUIRE(seen != nullptr);
  CHECK(seen->identity.model == "FD-1");
  CHECK(seen->at == line.clock.now());
  REQUIRE(seen->counters.size() == 4);
  CHECK(seen->counters[0].label == "Total");
  CHECK(seen->counters[3].label == "PM");
  REQUIRE(seen->use.size() == 1);  // a row that is too short has no percentage
  CHECK(seen->use[0].value == "75.0");
}

TEST_CASE("glance: what cannot be read now stays as it was, and the error says why") {
  Line line;
  line.agent->perform(glance(), {});
  line.device.breaks(ListId::counter, Cause::device_broken);
  line.device.set_identity({"FD-2", "2"});
  line.clock.advance(std::chrono::minutes(1));
  const JobProgress progress = line.agent->perform(glance(), {});
  REQUIRE(progress.error);
  CHECK(progress.error->cause == Cause::device_broken);
  const auto seen = line.agent->glance();
  CHECK(seen->identity.model == "FD-2");
  CHECK(seen->counters.size() == 4);
  CHECK(seen->error->cause == Cause::device_broken);
  CHECK(seen->at == line.clock.now());
}

TEST_CASE("glance: a machine that is off is not asked, and what it showed last stands [A8]") {
  Line line;
  line.agent->perform(glance(), {});
  const std::size_t readings = line.device.readings().size();
  line.device.set_state(DeviceState::shut_off);
  CHECK(line.agent->perform(glance(), {}).error->cause == Cause::device_off);
  CHECK(line.device.readings().size() == readings);
  CHECK(line.agent->glance()->counters.size() == 4);
}

TEST_CASE("glance: a slow machine keeps mail waiting for five seconds at most") {
  Line line;
  line.device.slow(std::chrono::seconds(20));
  const SteadyTime before = line.clock.steady_now();
  line.agent->perform(glance(), {});
  CHECK(line.clock.steady_now() - before <= std::chrono::seconds(5));
}

TEST_CASE("glance: asked for again while one waits, it is that one") {
  Line line;
  const std::uint64_t first = line.agent->request(glance());
  CHECK(line.agent->request(glance()) == first);
  line.agent->step({});
  CHECK(line.agent->request(glance()) != first);
}

}  // namespace remotemail::testing
