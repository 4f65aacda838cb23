// A name server on the loopback that answers as a test wants it, over UDP and TCP.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace remotemail::test {

struct DnsAnswer {
  int code = 0;  // 2 SERVFAIL, 3 NXDOMAIN, 5 REFUSED
  bool silent = false;
  std::vector<std::string> addresses = {};  // of the family that was asked for
  std::vector<std::string> aliases = {};    // CNAMEs before them: asked name -> first -> second …
};

class DnsServer {
 public:
  // `v6`: AAAA was asked for. Called in the server's thread.
  using Zone = std::function<DnsAnswer(const std::string& name, bool v6)>;
  explicit DnsServer(Zone zone);
  ~DnsServer();
  DnsServer(const DnsServer&) = delete;
  DnsServer& operator=(const DnsServer&) = delete;

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  int questions() const { return questions_; }
  int over_tcp() const { return over_tcp_; }

 private:
  void serve();
  std::string answer(const std::string& question, bool tcp);
  void serve_tcp();

  Zone zone_;
  int udp_ = -1;
  int tcp_ = -1;
  int end_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> questions_ = 0;
  std::atomic<int> over_tcp_ = 0;
  std::thread thread_;
};

}  // namespace remotemail::test
