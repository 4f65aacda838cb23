// A power cut at every write, every sync and every network step of many stories; pairs at the syncs. All pairs and
// random triples: tests/soak/power.
#include <doctest/doctest.h>

#include "agent/power_world.hpp"

using namespace remotemail::testing;

namespace {

void check(const std::vector<std::string>& findings) {
  for (const std::string& finding : findings) FAIL_CHECK(finding);
}

}  // namespace

TEST_CASE("power world: there are at least forty stories, each with a name of its own [R1]") {
  std::set<std::string> names;
  for (const Scenario& scenario : scenarios()) names.insert(scenario.name);
  CHECK(names.size() == scenarios().size());
  CHECK(names.size() >= 40);
}

TEST_CASE(
    "power world: a cut at every write, sync and network step of every story loses nothing and does nothing twice [R1, R2, R3, R4, R5, R6, F20, fault 58, fault 60, fault 61, fault 70, fault 72, fault 73]") {
  Figures figures;
  for (const Scenario& scenario : scenarios()) {
    World world(scenario);
    check(world.explore(1, World::Moments::most));
    figures += world.figures();
  }
  MESSAGE(scenarios().size() << " stories, " << figures.cuts << " cuts, " << figures.states << " states, "
                             << figures.lives << " lives, " << figures.copies << " copies in doubt");
  CHECK(figures.copies > 0);
}

TEST_CASE(
    "power world: two cuts, each at any sync, lose nothing and do nothing twice [R1, R2, R3, R4, fault 71]") {
  Figures figures;
  for (const Scenario& scenario : scenarios()) {
    World world(scenario);
    check(world.explore(2, World::Moments::syncs));
    figures += world.figures();
  }
  MESSAGE(scenarios().size() << " stories, " << figures.cuts << " cuts, " << figures.states << " states, "
                             << figures.lives << " lives, " << figures.copies << " copies in doubt");
}
