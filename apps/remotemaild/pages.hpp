// The pages of the service: opened as the configuration says, moved when it changes.
#pragma once

#include <memory>
#include <string>

#include "configuration.hpp"
#include "machine.hpp"
#include "remotemail/core/logger.hpp"
#include "remotemail/core/result.hpp"

namespace remotemaild {

// One thread. A build without the pages has one that warns when the configuration wants them.
class Pages {
 public:
  // `state`: the folder that a certificate is kept in. Machine and logger must outlive it.
  Pages(Machine& machine, std::string state, remotemail::Logger& logger);
  ~Pages();
  // Opens, moves or closes them; where nothing they are made of has changed, files included, they stay and so do their
  // sessions. After an error those that were open stay, or come back when they had to make room; the log says when they
  // cannot.
  remotemail::Status follow(const Configuration& configuration);
  bool are_open() const;

 private:
  struct Open;
  remotemail::Result<std::unique_ptr<Open>> open(const WebConfiguration& web);
  Machine& machine_;
  std::string state_;
  remotemail::Logger& logger_;
  std::unique_ptr<Open> open_;
};

}  // namespace remotemaild
