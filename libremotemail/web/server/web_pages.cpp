#include "remotemail/web/web_pages.hpp"

#include <Poco/AutoPtr.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/NetworkInterface.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/TCPServer.h>
#include <Poco/ThreadPool.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "core/text.hpp"
#include "web/server/connection.hpp"
#include "web/server/guests.hpp"
#include "web/server/web_certificate.hpp"
#include "web/site.hpp"

namespace remotemail {
namespace web {
namespace {

constexpr int kThreads =
    8;  // small stacks; while others wait, a slow client holds one for three seconds at most
constexpr int kStack = 256 * 1024;

struct Listen {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
};

Error bad_option(std::string words) {
  return make_error(Cause::invalid_value, Step::settings, std::move(words), Retry::after_setup_change);
}

Result<Listen> parse_listen(const std::string& text) {
  Listen listen;
  std::string_view rest = text;
  const std::size_t colon = rest.rfind(':');
  std::string_view port = rest;
  if (colon != std::string_view::npos) {
    std::string_view host = rest.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    listen.host = host;
    port = rest.substr(colon + 1);
  }
  const auto number = parse_number<std::uint16_t>(port);
  Poco::Net::IPAddress address;
  if (!number || !Poco::Net::IPAddress::tryParse(listen.host, address)) {
    return bad_option(fmt::format(
        "web listen: \"{}\" must be ADDRESS:PORT, such as 127.0.0.1:8080, 0.0.0.0:8443 or [::1]:8080",
        clean_line(text)));
  }
  listen.port = *number;
  return listen;
}

// What this machine is called and which addresses it has: names that may stand in Host, and in its certificate.
std::vector<std::string> own_names(const Poco::Net::IPAddress& listener) {
  std::vector<std::string> names;
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) == 0 && name[0] != '\0') {
    const std::string host = lower(name.data());
    names.push_back(host);
    if (const std::size_t dot = host.find('.'); dot != std::string::npos)
      names.push_back(host.substr(0, dot));
  }
  if (!listener.isWildcard()) {
    names.push_back(listener.toString());
    return names;
  }
  try {
    for (const auto& entry : Poco::Net::NetworkInterface::list()) {
      const std::string address = entry.address().toString();
      names.push_back(address.substr(0, address.find('%')));
    }
  } catch (const Poco::Exception&) {  // without them the names above count, and web.hosts
  }
  return names;
}

Status check_style(const WebStyle& style) {
  constexpr std::size_t kMostStyle = 256 * 1024;
  if (style.stylesheet.size() > kMostStyle) return bad_option("web stylesheet: must be 256 KiB at most");
  for (const auto& [key, text] : style.texts) {
    if (!web_texts().contains(key))
      return bad_option("web texts: there is no text \"" + clean_line(key) + "\"");
  }
  return {};
}

Error cannot_listen(const std::string& listen, std::uint16_t port, const Poco::Exception& error) {
  const auto failure = [&](Cause cause, const std::string& words) {
    return make_error(cause, Step::settings, fmt::format("web listen: {}: {}", clean_line(listen), words),
                      Retry::after_setup_change);
  };
  switch (error.code()) {
    case EADDRINUSE:
      return failure(Cause::already_running,
                     fmt::format("another program listens at port {}; choose another port, or end it", port));
    case EADDRNOTAVAIL:
      return failure(Cause::invalid_value, "this machine has no such address");
    case EACCES:
      return failure(Cause::not_permitted,
                     fmt::format("port {} is for privileged programs; choose one from 1024 on, or lower "
                                 "net.ipv4.ip_unprivileged_port_start",
                                 port));
    default:
      return failure(Cause::not_permitted, clean_line(error.displayText()));
  }
}

// A service whose thread could not be started goes on without its pages.
Error no_thread(const std::string& words) {
  return make_error(
      Cause::not_permitted, Step::settings,
      fmt::format("web: no thread could be started ({}); allow more of them (TasksMax, ulimit -u)",
                  clean_line(words)));
}

class Factory final : public Poco::Net::TCPServerConnectionFactory {
 public:
  explicit Factory(const Serving& serving) : serving_(serving) {}
  Poco::Net::TCPServerConnection* createConnection(const Poco::Net::StreamSocket& socket) override {
    return new Connection(socket, serving_);  // Poco's dispatcher owns it
  }

 private:
  const Serving& serving_;
};

}  // namespace
}  // namespace web

struct WebPages::Impl {
  Impl(const WebPorts& ports, const WebOptions& options, std::vector<std::string> hosts)
      : site(ports, options, std::move(hosts)), pool("web", 2, web::kThreads, 30, web::kStack) {}
  ~Impl() {
    stop.request_stop();
    if (server) server->stop();
    pool.joinAll();
  }

  std::stop_source stop;
  web::Site site;
  Poco::AutoPtr<web::Guests> guests{new web::Guests};  // shared with the server
  web::ServerContext context;
  web::Serving serving;
  Poco::ThreadPool pool;
  std::unique_ptr<Poco::Net::TCPServer> server;
  std::string host;
  std::uint16_t port = 0;
};

WebPages::WebPages(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
WebPages::~WebPages() = default;

std::uint16_t WebPages::port() const {
  return impl_->port;
}

std::string WebPages::address() const {
  const bool brackets = impl_->host.find(':') != std::string::npos;
  return fmt::format("{}://{}{}{}:{}/", impl_->context ? "https" : "http", brackets ? "[" : "", impl_->host,
                     brackets ? "]" : "", impl_->port);
}

Result<std::unique_ptr<WebPages>> WebPages::open(const WebPorts& ports, const WebOptions& options) {
  try {
    return open_listener(ports, options);
  } catch (const Poco::SystemException& error) {
    return web::no_thread(error.displayText());
  } catch (const std::system_error& error) {
    return web::no_thread(error.what());
  }
}

Result<std::unique_ptr<WebPages>> WebPages::open_listener(const WebPorts& ports, const WebOptions& options) {
  auto listen = web::parse_listen(options.listen);
  if (!listen) return std::move(listen).error();
  if (Status checked = web::check_style(options.style); !checked) return std::move(checked).error();
  const Poco::Net::IPAddress address(listen->host);
  using Transport = WebOptions::Transport;
  const bool plain =
      options.transport == Transport::http ||
      (options.transport == Transport::automatic && address.isLoopback() && options.certificate_file.empty());
  auto names = web::own_names(address);
  auto impl = std::make_unique<Impl>(ports, options, names);
  if (!plain) {
    std::string certificate = options.certificate_file, key = options.key_file;
    if (certificate.empty() != key.empty()) {
      return web::bad_option("web certificate and key: give both files, or none for one that is made here");
    }
    if (certificate.empty()) {
      if (options.state_directory.empty())
        return web::bad_option("web certificate: give one with its key, or a state directory to keep one in");
      certificate = options.state_directory + "/web-certificate.pem";
      key = options.state_directory + "/web-key.pem";
      for (const char* name : {"localhost", "127.0.0.1", "::1"}) names.emplace_back(name);
      if (Status made = web::make_certificate(certificate, key, names); !made) return std::move(made).error();
    }
    auto context = web::open_server_context(certificate, key);
    if (!context) return std::move(context).error();
    impl->context = std::move(*context);
    if (web::everybody_may_read(key)) {
      ports.logger.log(LogLevel::warning,
                       "web key: " + clean_line(key) +
                           " can be read by every user of this machine; chmod 640 it, or less");
    }
  } else if (!address.isLoopback()) {
    ports.logger.log(LogLevel::warning,
                     "the pages are served without TLS beyond this machine, as the configuration wants: "
                     "passwords typed into them can be read on the way");
  }
  impl->host = listen->host;
  Logger& logger = ports.logger;
  Impl& self = *impl;
  impl->serving = {
      [&self](const web::Request& request) { return self.site.answer(request); },
      impl->context.get(),
      [&self] { return self.server->queuedConnections() > 0; },
      [&self](const Poco::Net::StreamSocket& socket, bool idle) { self.guests->set_idle(socket, idle); },
      [&self](const Poco::Net::StreamSocket& socket) { self.guests->leave(socket); },
      [&logger](const char* bug) {
        try {
          logger.log(LogLevel::error, std::string("web: ") + bug);
        } catch (
            const std::exception&) {  // out of memory: the other side still hears that something went wrong
        }
      },
      impl->stop.get_token()};
  try {
    Poco::Net::ServerSocket socket;
    socket.bind(Poco::Net::SocketAddress(address, listen->port), true, false);
    socket.listen(64);
    impl->port = socket.address().port();
    auto parameters = new Poco::Net::TCPServerParams;  // NOLINT: the server owns it
    parameters->setMaxThreads(web::kThreads);
    parameters->setMaxQueued(static_cast<int>(web::Guests::kMost));
    impl->server = std::make_unique<Poco::Net::TCPServer>(new web::Factory(impl->serving), impl->pool, socket,
                                                          parameters);
    impl->server->setConnectionFilter(impl->guests);
    impl->server->start();
  } catch (const Poco::Exception& error) {
    return web::cannot_listen(options.listen, listen->port, error);
  }
  if (impl->context)
    logger.log(LogLevel::notice, "web: SHA-256 of the certificate: " + web::fingerprint_of(*impl->context));
  return std::unique_ptr<WebPages>(new WebPages(std::move(impl)));
}

}  // namespace remotemail
