// The copier's stored programs: jobs that users keep under a name and recall by number (L).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "device_adapter/machine_life.hpp"

namespace remotemail {

inline constexpr std::size_t kStoredPrograms = 30;

// A job as somebody stored it. Which jobs offices store: job_memory_table.cpp.
struct ProgramPattern {
  std::string_view name, tray, paper, sides, original;
  std::uint16_t zoom;  // %
  std::string_view density, finishing;
  std::uint16_t sets;
};
extern const std::array<ProgramPattern, 46> kProgramPatterns;

struct StoredProgram {
  const ProgramPattern* pattern = nullptr;  // none: the place is empty
  std::uint64_t at_total = 0;               // the total counter when it was stored
  std::uint64_t used = 0;                   // times recalled
};
// Users store them in the first months and recall them as the machine is used; none is there when it is new.
// Places from 0.
StoredProgram stored_program(const MachineLife&, std::size_t place);

}  // namespace remotemail
