// Memory that runs out at the n-th allocation of a step: a program of its own, since it replaces operator new.
#include <doctest/doctest.h>

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <new>
#include <set>

#include "agent/line_fixture.hpp"

namespace {

std::size_t until_failure = 0;  // 0: none planned
bool lasting = false;
std::size_t counted = 0;
std::ptrdiff_t held = 0, most = 0;  // octets

void give_back(void* memory) {
  held -= static_cast<std::ptrdiff_t>(malloc_usable_size(memory));
  std::free(memory);
}

void* allocate(std::size_t size) {
  ++counted;
  if (until_failure > 0 && (until_failure == 1 || --until_failure == 1)) {
    if (!lasting) until_failure = 0;
    throw std::bad_alloc();
  }
  if (void* memory = std::malloc(size == 0 ? 1 : size)) {
    held += static_cast<std::ptrdiff_t>(malloc_usable_size(memory));
    most = std::max(most, held);
    return memory;
  }
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) {
  return allocate(size);
}
void* operator new[](std::size_t size) {
  return allocate(size);
}
void operator delete(void* memory) noexcept {
  give_back(memory);
}
void operator delete[](void* memory) noexcept {
  give_back(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  give_back(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  give_back(memory);
}

using namespace std::chrono_literals;
using remotemail::testing::Line;

TEST_CASE(
    "allocation: memory that runs out once, at any allocation of a poll, leaves the mail waiting, the service alive and nothing lost [R1, R5, fault 64]") {
  for (std::size_t n = 1; n < 100'000; n += n < 60 ? 1 : n / 12) {
    Line line;
    line.enable().mail("GetLog Counter\r\nHelp\r\n");
    until_failure = n + 1;
    counted = 0;
    try {
      line.once();
    } catch (const std::bad_alloc&) {  // step() logs it; perform() lets it through
    }
    const bool reached = counted >= n;
    until_failure = 0;
    for (int i = 0; i < 6; ++i) {
      line.clock.advance(2h);
      line.once();
    }
    CAPTURE(n);
    std::set<std::string> ids;
    for (const auto& sent : line.servers.sent) ids.insert(sent.id);
    CHECK(ids.size() == 2);
    CHECK(line.servers.sent.size() <= 3);
    CHECK(line.servers.mails.empty());
    CHECK(line.agent->outbox()->empty());
    if (!reached) break;
  }
}

TEST_CASE("allocation: a poll over 100,000 mails holds no more than 16 MiB at once [D2, fault 43]") {
  Line line;
  line.enable();
  for (int i = 0; i < 100'000; ++i) line.servers.put("Subject: great offer\r\n\r\nbuy\r\n");
  const std::ptrdiff_t before = held;
  most = held;
  CHECK(line.once().illegal == 2005);
  MESSAGE("at most " << (most - before) / 1024 << " KiB");
  CHECK(most - before <= 16 * 1024 * 1024);
}
