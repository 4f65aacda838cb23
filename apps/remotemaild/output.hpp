// Where a command writes: this terminal, or the connection to the one who asked.
#pragma once

#include <string_view>

namespace remotemaild {

class Output {
 public:
  virtual ~Output() = default;
  virtual void out(std::string_view text) = 0;  // results
  virtual void err(std::string_view text) = 0;  // complaints and progress
};

class TerminalOutput final : public Output {
 public:
  void out(std::string_view text) override;
  void err(std::string_view text) override;
};

}  // namespace remotemaild
