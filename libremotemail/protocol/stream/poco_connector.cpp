#include "remotemail/protocol/poco_connector.hpp"

#include <Poco/Exception.h>

#include <string>
#include <utility>
#include <vector>

#include "core/text.hpp"
#include "protocol/stream/connect_race.hpp"
#include "protocol/stream/host_name.hpp"
#include "protocol/stream/resolver.hpp"
#include "protocol/stream/socket_stream.hpp"
#include "protocol/stream/tls_contexts.hpp"
#include "remotemail/core/limits.hpp"

namespace remotemail {
namespace {

class PocoConnector final : public Connector {
 public:
  explicit PocoConnector(const Clock& clock) : clock_(clock), resolver_(clock) {}

  Result<std::unique_ptr<Stream>> connect(const std::string& host, std::uint16_t port,
                                          const std::string& dns_server, const Deadline& deadline) override {
    const std::string bare = bare_host(host);
    const bool is_address = address_octets(bare).has_value();
    const std::string server =
        (bare.find(':') == std::string::npos ? clean_line(bare) : '[' + clean_line(bare) + ']') + ':' +
        std::to_string(port);
    if (port == 0) return make_error(Cause::invalid_value, Step::connect, server, Retry::after_setup_change);
    const Deadline limit = deadline.within(clock_.steady_now(), limits::kConnectTime);
    std::vector<std::string> addresses{bare};
    if (!is_address) {
      auto found = resolver_.resolve(bare, dns_server, limit);
      if (!found) return std::move(found).error();
      addresses = std::move(*found);
    }
    try {
      Waiter waiter(clock_);
      auto socket = connect_first(addresses, port, server, waiter, limit);
      if (!socket) return std::move(socket).error();
      return std::unique_ptr<Stream>(std::make_unique<SocketStream>(std::move(*socket), contexts_, clock_));
    } catch (const Poco::Exception& problem) {
      // An address of a kind that this build of Poco cannot hold, such as one with the scope of a missing
      // interface.
      return make_error(Cause::unreachable, Step::connect,
                        server + " (" + clean_line(problem.displayText()) + ")");
    }
  }

 private:
  const Clock& clock_;
  Resolver resolver_;
  std::shared_ptr<TlsContexts> contexts_ = std::make_shared<TlsContexts>();
};

}  // namespace

std::unique_ptr<Connector> make_poco_connector(const Clock& clock) {
  return std::make_unique<PocoConnector>(clock);
}

}  // namespace remotemail
