// The whole line with one thing broken at a time (tests/agent/whole_line_faults.hpp), as thoroughly as time allows.
//
//   soak_faults links|octets|disk|memory|sqlite [--spool pop3|imap] [--keep disk|file|memory] [--stride N] [--part I/N]
//
// Prints how many stories were told and what came of them; exits with 1 when R1 or R9 was broken.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "agent/whole_line_faults.hpp"

using namespace remotemail::testing;

int main(int count, char** words) {
  const std::string what = count > 1 ? words[1] : "";
  Dialogue spool = Dialogue::pop3;
  Keep keep = Keep::disk;
  Extent extent;
  for (int i = 2; i + 1 < count; i += 2) {
    const std::string word = words[i], value = words[i + 1];
    char* rest = nullptr;
    const std::uint64_t number = std::strtoull(value.c_str(), &rest, 10);
    if (word == "--spool" && value == "imap") spool = Dialogue::imap;
    if (word == "--keep" && value == "memory") keep = Keep::memory;
    if (word == "--keep" && value == "file") keep = Keep::file;
    if (word == "--stride" && number > 0) extent.stride = number;
    if (word == "--part" && *rest == '/') {
      extent.part = number;
      extent.parts = std::max<std::size_t>(1, std::strtoull(rest + 1, nullptr, 10));
    }
  }
  const auto began = std::chrono::steady_clock::now();
  Yard yard;
  FaultFigures figures;
  if (what == "links") {
    figures = cut_links(yard, spool, keep, extent);
  } else if (what == "octets") {
    figures = cut_octets(yard, spool, keep, extent);
  } else if (what == "disk") {
    figures = fail_disk(yard, spool, extent);
  } else if (what == "memory") {
    figures = fail_memory(yard, spool, keep, extent);
  } else if (what == "sqlite") {
    figures = fail_sqlite_memory(yard, spool, extent);
  } else {
    std::fprintf(stderr,
                 "soak_faults links|octets|disk|memory|sqlite [--spool pop3|imap] [--keep disk|file|memory] "
                 "[--stride N] [--part I/N]\n");
    return 2;
  }
  for (const std::string& finding : figures.findings) std::printf("BROKEN %s\n", finding.c_str());
  const auto took =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - began);
  const auto print = [](const char* name, std::uint64_t value) {
    std::printf("%-40s %12llu\n", name, static_cast<unsigned long long>(value));
  };
  print("stories told to the end", figures.stories);
  print("of them with the fault", figures.struck);
  print("final dots in doubt", figures.doubts);
  print("identical second copies", figures.copies);
  print("lines of what went wrong", figures.findings.size());
  print("seconds", static_cast<std::uint64_t>(took.count()));
  return figures.findings.empty() ? 0 : 1;
}
