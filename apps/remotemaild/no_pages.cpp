// For a program that was built without the pages.
#include "pages.hpp"

namespace remotemaild {

struct Pages::Served {};

Pages::Pages(Machine& machine, std::string directory, remotemail::Logger& logger)
    : machine_(machine), directory_(std::move(directory)), logger_(logger) {}
Pages::~Pages() = default;
void Pages::stop() {}

remotemail::Status Pages::serve(const Configuration& configuration) {
  if (configuration.web.listen.empty()) return {};
  return make_error(remotemail::Cause::invalid_value, remotemail::Step::settings,
                    "[web] listen: this program was built without the pages; take the line out",
                    remotemail::Retry::after_setup_change);
}

}  // namespace remotemaild
