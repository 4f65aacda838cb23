// The pages of the service: opened as the configuration says, moved when it changes.
#pragma once

#include <memory>
#include <string>

#include "configuration.hpp"
#include "machine.hpp"
#include "remotemail/core/logger.hpp"
#include "remotemail/core/result.hpp"

namespace remotemaild {

// A build without the pages has one that warns when the configuration wants them.
class Pages {
 public:
  Pages(Machine& machine, std::string state, remotemail::Logger& logger);
  ~Pages();
  // Opens, moves or closes them. After an error those that were open stay.
  remotemail::Status follow(const Configuration& configuration);

 private:
  struct Open;
  remotemail::Result<std::unique_ptr<Open>> open(const WebConfiguration& web);
  Machine& machine_;
  std::string state_;
  remotemail::Logger& logger_;
  std::unique_ptr<Open> open_;
};

}  // namespace remotemaild
