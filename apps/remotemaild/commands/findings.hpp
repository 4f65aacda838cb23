// How findings of tests and doctor are shown: as they come, or as JSON at the end.
#pragma once

#include <span>
#include <string>

#include "invocation.hpp"
#include "machine.hpp"
#include "output.hpp"

namespace remotemaild {

// "passed   log-in               as copier"
std::string line_of(const remotemail::Finding&);

// Shows steps (as progress) and findings (as results) that are new since the last call.
class FindingsShown {
 public:
  explicit FindingsShown(Output& output) : output_(output) {}
  void operator()(const remotemail::JobProgress&);

 private:
  Output& output_;
  std::size_t steps_ = 0, findings_ = 0;
};

std::string as_json(std::span<const remotemail::Finding>);

// kDone, or kFailed when something failed.
int exit_status_of(std::span<const remotemail::Finding>);

}  // namespace remotemaild
