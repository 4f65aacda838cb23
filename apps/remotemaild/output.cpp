#include "output.hpp"

#include <cstdio>

namespace remotemaild {

void TerminalOutput::out(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

void TerminalOutput::err(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
}

}  // namespace remotemaild
