// The wiring: one copier's state, device and agent, made from a state directory. Nothing here decides
// anything.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "configuration.hpp"
#include "remotemail/agent/agent.hpp"
#include "remotemail/core/result.hpp"
#include "remotemail/device_adapter/operation_panel.hpp"
#include "remotemail/web/web_pages.hpp"
#include "sealing_key_file.hpp"

namespace remotemaild {

class Machine {
 public:
  // Opens the state of `directory`, which is locked already. `logger` must outlive it.
  static remotemail::Result<std::unique_ptr<Machine>> open(const std::string& directory,
                                                           const Configuration& configuration,
                                                           remotemail::Logger& logger);
  ~Machine();

  remotemail::Agent& agent();
  remotemail::OperationPanel& panel();
  // What the pages work with.
  remotemail::WebPorts web_ports(const remotemail::CeDeskAccount* desk);
  // A copy of the whole state in a new file, with the sealing key in it on wish.
  remotemail::Status back_up(const std::string& path, bool with_key);

 private:
  struct Parts;
  explicit Machine(std::unique_ptr<Parts>);
  std::unique_ptr<Parts> parts_;
};

// Does a job and waits for it: in the service by its worker, else here and now.
// `on_progress`, when given, is called at each step and finding.
using OnProgress = std::function<void(const remotemail::JobProgress&)>;
using DoJob =
    std::function<remotemail::JobProgress(const remotemail::JobRequest&, const OnProgress& on_progress)>;

}  // namespace remotemaild
