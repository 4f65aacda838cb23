// Faults on demand: the small language of MemoryMailHost::add_fault().
#pragma once

#include <chrono>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "remotemail/core/result.hpp"

namespace remotemail::testing::mailhost {

enum class Service { pop3, imap, smtp };
std::string_view name(Service);

enum class Action { none, close, stall, refuse, garbage, close_after, stall_after, half };

struct Fault {
  std::optional<Service> service;
  std::string kind;  // in lower case
  unsigned first = 1, last = std::numeric_limits<unsigned>::max();
  std::chrono::milliseconds delay{0};
  Action action = Action::none;
  std::string text;    // of refuse
  std::string source;  // what was asked for, in one line
  unsigned seen = 0;
};

Result<Fault> parse_fault(std::string_view text);

// What is to happen to one command.
struct Order {
  std::chrono::milliseconds delay{0};
  Action action = Action::none;
  std::string text;
  std::string source;
};

// Counts the command at every fault it fits. `kinds`: what the command counts as, in lower case.
Order meet(std::vector<Fault>&, Service, const std::vector<std::string>& kinds);

}  // namespace remotemail::testing::mailhost
