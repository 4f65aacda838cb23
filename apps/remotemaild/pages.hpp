// The copier's pages within the service: opened as the configuration says, and moved when it is read again.
#pragma once

#include <memory>
#include <string>

#include "configuration.hpp"
#include "machine.hpp"
#include "remotemail/core/logger.hpp"
#include "remotemail/core/result.hpp"

namespace remotemaild {

class Pages {
 public:
  Pages(Machine& machine, std::string directory, remotemail::Logger& logger);
  ~Pages();

  // Serves as `configuration` says, or not at all. Nothing happens when that and the files it names are as they were, so
  // that nobody is logged out for nothing. After an error it is as it was before.
  remotemail::Status serve(const Configuration& configuration);
  void stop();

 private:
  struct Served;
  remotemail::Result<std::unique_ptr<Served>> open(const Configuration& configuration);

  Machine& machine_;
  const std::string directory_;
  remotemail::Logger& logger_;
  std::unique_ptr<Served> served_;
};

}  // namespace remotemaild
