// DIR/control: commands of other processes, carried out by the service that owns the state.
#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <thread>

#include "invocation.hpp"
#include "output.hpp"
#include "remotemail/core/result.hpp"

namespace remotemaild {

class ControlServer {
 public:
  using Handler = std::function<int(const Invocation&, Output&)>;  // its own thread for each connection

  // A socket with mode 0600. `handler` must be thread-safe.
  static remotemail::Result<std::unique_ptr<ControlServer>> open(const std::string& directory,
                                                                 Handler handler);
  ~ControlServer();  // removes the socket; waits for the commands under way
  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;

  int descriptor() const { return listener_; }  // readable: accept() has something to do
  void accept();  // refuses other users' processes, and more than eight at a time

 private:
  ControlServer(int listener, std::string path, Handler handler);
  struct Connection {
    int socket = -1;
    std::atomic<bool> done = false;
    std::jthread thread;
  };
  void serve(Connection& connection);
  void collect();  // joins the threads that are done

  int listener_;
  std::string path_;
  Handler handler_;
  std::list<Connection> connections_;
};

}  // namespace remotemaild
