#include "agent/whole_line_faults.hpp"

#include "agent/failing_memory.hpp"
#include "mail_store/refusals.hpp"

namespace remotemail::testing {
namespace {

using namespace std::chrono_literals;
constexpr int kLastingSteps = 3;  // polls or sending rounds that meet a lasting fault

struct Reference {
  LineEnding end;
  std::vector<std::shared_ptr<Passed>> passed;
  PowerLossDisk::Counters disk;
  std::size_t allocations = 0;
};

Reference tell_whole(Yard& yard, Dialogue spool, Keep keep, FaultFigures& figures) {
  WholeLine line(yard, spool, keep);
  line.tell_story();
  line.disk.reset_counters();
  FailingMemory::fail_at(0);
  line.around_step = [](bool begins) { FailingMemory::pause(!begins); };
  line.finish();
  Reference whole;
  whole.allocations = FailingMemory::counted();
  whole.disk = line.disk.counters();
  whole.passed = line.connector.passed();
  whole.end = line.ending();
  for (const std::string& finding : line.check(whole.end, 0)) figures.findings.push_back("whole: " + finding);
  if (whole.end.replies.size() != 4) figures.findings.emplace_back("whole: not four replies");
  return whole;
}

// `copies`: second ones that R1 allows.
void note(FaultFigures& figures, WholeLine& line, const Reference& whole, unsigned copies, bool struck,
          const std::string& what) {
  constexpr std::size_t kEnough = 200;
  ++figures.stories;
  figures.struck += struck ? 1U : 0U;
  figures.doubts += line.connector.doubts();
  const std::vector<std::string> found = line.check(whole.end, copies);
  figures.copies += line.copies();
  for (const std::string& finding : found) {
    if (figures.findings.size() < kEnough) figures.findings.push_back(what + ": " + finding);
  }
}

bool is_mine(const Extent& extent, std::size_t& number) {
  return number++ % extent.parts == extent.part;
}

FaultFigures cut_at(Yard& yard, Dialogue spool, Keep keep, const Extent& extent,
                    const std::function<std::vector<CutPlace>(const Reference&)>& places_of) {
  FaultFigures figures;
  const Reference whole = tell_whole(yard, spool, keep, figures);
  std::size_t number = 0;
  for (const CutPlace& place : places_of(whole)) {
    if (!is_mine(extent, number)) continue;
    WholeLine line(yard, spool, keep);
    line.tell_story();
    line.connector.cut_at(place);
    line.finish();
    note(figures, line, whole, line.connector.doubts(), line.connector.cuts() > 0, describe(place));
  }
  return figures;
}

// A step that does something: most of them only look whether the machine is on.
void step_that_counts(WholeLine& line) {
  line.clock.advance(20min);
  line.step();
}

}  // namespace

FaultFigures cut_links(Yard& yard, Dialogue spool, Keep keep, const Extent& extent) {
  return cut_at(yard, spool, keep, extent, [&](const Reference& whole) {
    std::vector<CutPlace> places;
    std::map<Dialogue, unsigned> connections;
    for (const auto& passed : whole.passed) {
      CutPlace place;
      place.dialogue = passed->dialogue;
      place.connection = ++connections[passed->dialogue];
      if (place.connection > 1 && passed->dialogue != Dialogue::smtp && passed->said.size() < 8)
        continue;  // idle
      const auto add = [&](std::size_t line, std::size_t octet, bool silent = false, unsigned times = 1) {
        place.line = line, place.octet = octet, place.silent = silent, place.times = times;
        places.push_back(place);
      };
      place.way = Way::said;
      for (std::size_t i = 0; i < passed->said.size(); ++i) {
        const bool near_dot = passed->dots.contains(i) || passed->dots.contains(i + 1);
        if (!near_dot && passed->body.contains(i) && i % extent.stride != 0) continue;
        add(i, 0);
        if (!near_dot) continue;
        const std::size_t size = passed->said[i].size();
        for (std::size_t octet = size > 4 ? size - 3 : 1; octet < size; ++octet) add(i, octet);
        add(i, 1, true);
        add(i, 1, false, 3);
      }
      place.way = Way::heard;
      for (std::size_t i = 0; i < passed->heard.size(); ++i) {
        add(i, 0);
        if (i % extent.stride == 0) add(i, passed->heard[i].size() / 2);
        if (i % extent.stride == 1) add(i, 0, true);
        if (!passed->answers.contains(i)) continue;
        for (std::size_t octet = 1; octet < passed->heard[i].size(); ++octet) add(i, octet);
        add(i, 0, true);
        add(i, 0, false, 3);
      }
    }
    return places;
  });
}

FaultFigures cut_octets(Yard& yard, Dialogue spool, Keep keep, const Extent& extent) {
  return cut_at(yard, spool, keep, extent, [&](const Reference& whole) {
    std::vector<CutPlace> places;
    std::map<Dialogue, unsigned> connections;
    for (const auto& passed : whole.passed) {
      CutPlace place;
      place.dialogue = passed->dialogue;
      place.connection = ++connections[passed->dialogue];
      if (place.connection > 1 && passed->dialogue != Dialogue::smtp && passed->said.size() < 8) continue;
      for (const Way way : {Way::said, Way::heard}) {
        place.way = way;
        const auto& lines = way == Way::said ? passed->said : passed->heard;
        for (place.line = 0; place.line < lines.size(); ++place.line) {
          for (place.octet = 0; place.octet < lines[place.line].size(); place.octet += extent.stride)
            places.push_back(place);
        }
      }
    }
    return places;
  });
}

FaultFigures fail_disk(Yard& yard, Dialogue spool, const Extent& extent) {
  using Fault = PowerLossDisk::Fault;
  FaultFigures figures;
  const Reference whole = tell_whole(yard, spool, Keep::disk, figures);
  std::size_t number = 0;
  const std::pair<Fault, const char*> faults[] = {{Fault::io_error, "I/O error"},
                                                  {Fault::read_error, "I/O error while reading"},
                                                  {Fault::disk_full, "no room"}};
  for (const auto& [fault, word] : faults) {
    for (const bool lasting : {false, true}) {
      const std::uint64_t calls = fault == Fault::read_error ? whole.disk.reads : whole.disk.operations();
      for (std::uint64_t n = 1; n <= calls; n += extent.stride) {
        if (!is_mine(extent, number)) continue;
        const std::string what =
            std::string(word) + (lasting ? " from call " : " at call ") + std::to_string(n);
        WholeLine line(yard, spool, Keep::disk);
        line.tell_story();
        line.disk.fail_at(n, fault, lasting);
        if (lasting) {
          for (int i = 0; i < 60 && !line.disk.fault_happened(); ++i) line.step();
          const bool struck = line.disk.fault_happened();
          const bool said = !struck || line.logger.has("state: ") || line.logger.has("could not be noted");
          const std::size_t before = line.connector.fetches_and_removals();
          for (int i = 0; struck && i < 2 * kLastingSteps; ++i) step_that_counts(line);
          // What is durably done may go meanwhile.
          if (line.connector.fetches_and_removals() != before)
            figures.findings.push_back(what + ": mails are fetched or removed meanwhile");
          if (!said && !line.logger.has("state: ")) figures.findings.push_back(what + ": nobody is told");
          line.disk.heal();
        }
        line.finish();
        const bool struck = line.disk.fault_happened();
        line.disk.heal();
        line.clock.advance(2 * GuardedStore::kPause);  // one that came at the very end
        line.finish();
        note(figures, line, whole, 0, struck, what);
      }
    }
  }
  return figures;
}

FaultFigures fail_memory(Yard& yard, Dialogue spool, Keep keep, const Extent& extent) {
  FaultFigures figures;
  const Reference whole = tell_whole(yard, spool, keep, figures);
  std::size_t number = 0;
  for (const bool lasting : {false, true}) {
    for (std::size_t n = 1; n <= whole.allocations; n += extent.stride) {
      if (!is_mine(extent, number)) continue;
      WholeLine line(yard, spool, keep);
      line.tell_story();
      FailingMemory::fail_at(n, lasting);
      line.around_step = [](bool begins) { FailingMemory::pause(!begins); };
      for (int i = 0; i < 60 && !FailingMemory::failed(); ++i) line.step();
      const bool struck = FailingMemory::failed();
      for (int i = 0; lasting && i < kLastingSteps; ++i) step_that_counts(line);
      FailingMemory::heal();
      line.around_step = nullptr;
      line.finish();
      note(figures, line, whole, 1, struck,
           "operator new " + std::to_string(n) + (lasting ? " lasting" : " once"));
    }
  }
  return figures;
}

FaultFigures fail_sqlite_memory(Yard& yard, Dialogue spool, const Extent& extent) {
  FaultFigures figures;
  test::Allocations memory;
  const Reference whole = tell_whole(yard, spool, Keep::disk, figures);
  std::size_t number = 0;
  for (const bool lasting : {false, true}) {
    for (std::size_t n = 1;; n += extent.stride) {
      if (!is_mine(extent, number)) continue;
      WholeLine line(yard, spool, Keep::disk);
      line.tell_story();
      memory.fail_at(n, lasting);
      // As far as the four replies; then the rest is idle.
      for (int i = 0; i < 12 && !memory.failed(); ++i) line.step();
      const bool struck = memory.failed();
      const std::size_t before = line.connector.fetches_and_removals();
      for (int i = 0; lasting && struck && i < kLastingSteps; ++i) step_that_counts(line);
      const bool touched = lasting && line.connector.fetches_and_removals() != before;
      memory.heal();
      line.finish();
      const std::string what = "SQLite's allocation " + std::to_string(n) + (lasting ? " lasting" : " once");
      if (touched) figures.findings.push_back(what + ": mails are fetched or removed meanwhile");
      note(figures, line, whole, 0, struck, what);
      if (!struck) break;
    }
  }
  return figures;
}

}  // namespace remotemail::testing
