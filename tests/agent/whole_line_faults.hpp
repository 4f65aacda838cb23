// The faults of issue-sized runs: each is one story told to its end with one thing broken. The tests take some of them,
// tests/soak/faults all.
#pragma once

#include <string>
#include <vector>

#include "agent/whole_line.hpp"

namespace remotemail::testing {

struct FaultFigures {
  std::uint64_t stories = 0;  // told to their end
  std::uint64_t struck = 0;   // of them, those whose fault happened
  std::uint64_t doubts = 0;   // final dots whose answer was lost
  std::uint64_t copies = 0;   // second identical copies
  std::vector<std::string> findings;
};

// `stride`: of lines within a mail's text, of octets, of disk calls or allocations: every so-manyth. 1: all.
struct Extent {
  std::size_t stride = 1;
  std::size_t part = 0, parts = 1;  // of the stories, every parts-th from the part-th on
};

// At every line of the dialogues both ways, at every octet around the final dots and their answers; once, once in
// silence, and three times over.
FaultFigures cut_links(Yard&, Dialogue spool, Keep, const Extent&);
// Every octet of all dialogues, once.
FaultFigures cut_octets(Yard&, Dialogue spool, Keep, const Extent&);
// At the n-th disk call: writes and syncs that fail, reads that fail, no room; once and lasting. Lasting: while it
// does, nothing is fetched or removed, and it is said (R9).
FaultFigures fail_disk(Yard&, Dialogue spool, const Extent&);
// At the n-th operator new, and the n-th allocation of SQLite, once and lasting for three steps.
FaultFigures fail_memory(Yard&, Dialogue spool, Keep, const Extent&);
FaultFigures fail_sqlite_memory(Yard&, Dialogue spool, const Extent&);

}  // namespace remotemail::testing
