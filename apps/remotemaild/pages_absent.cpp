#include <utility>

#include "pages.hpp"

namespace remotemaild {

struct Pages::Open {};

Pages::Pages(Machine& machine, std::string state, remotemail::Logger& logger)
    : machine_(machine), state_(std::move(state)), logger_(logger) {}
Pages::~Pages() = default;

bool Pages::are_open() const {
  return false;
}

remotemail::Status Pages::follow(const Configuration& configuration) {
  if (!configuration.web.listen.empty()) {
    logger_.log(remotemail::LogLevel::warning, "[web] listen: this program was built without the pages");
  }
  return {};
}

}  // namespace remotemaild
