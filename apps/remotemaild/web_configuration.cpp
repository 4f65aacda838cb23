#include "web_configuration.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <optional>

#include "configuration.hpp"
#include "core/text.hpp"

namespace remotemaild {
namespace {

using remotemail::Security;
using remotemail::Spool;
using Transport = remotemail::WebOptions::Transport;

bool is_ip_address(const std::string& text) {
  std::array<unsigned char, 16> octets{};
  return ::inet_pton(AF_INET, text.c_str(), octets.data()) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), octets.data()) == 1;
}

// ADDRESS:PORT, [IPv6]:PORT or PORT.
bool is_listen_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (!remotemail::parse_number<std::uint16_t>(colon == std::string_view::npos ? text
                                                                               : text.substr(colon + 1)))
    return false;
  if (colon == std::string_view::npos) return true;
  std::string_view address = text.substr(0, colon);
  const bool brackets = address.starts_with('[') && address.ends_with(']') && address.size() > 2;
  if (brackets) address = address.substr(1, address.size() - 2);
  return brackets == (address.find(':') != std::string_view::npos) && is_ip_address(std::string(address));
}

bool is_host(std::string_view text) {
  return !text.empty() && text.size() <= 253 && std::all_of(text.begin(), text.end(), [](char c) {
    return remotemail::is_alpha(c) || remotemail::is_digit(c) || c == '-' || c == '.' || c == '_' || c == ':';
  });
}

bool is_mail_address(std::string_view text) {
  const auto at = text.rfind('@');
  return at != std::string_view::npos && at > 0 && text.size() <= 254 && is_host(text.substr(at + 1)) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return remotemail::is_printable(c) && c != ' ' && c != '<' && c != '>' && c != ',';
         });
}

std::optional<std::vector<std::string>> hosts_of(std::string_view text) {
  std::vector<std::string> hosts;
  for (const std::string_view word : remotemail::split_words(text)) {
    if (!is_host(word)) return std::nullopt;
    hosts.emplace_back(word);
  }
  return hosts;
}

std::optional<Security> security_of(std::string_view text) {
  if (text == "tls") return Security::tls;
  if (text == "starttls") return Security::starttls;
  if (text == "none") return Security::none;
  return std::nullopt;
}

using Take = std::function<bool(Configuration&, std::string_view)>;

// A line of text at a place within the configuration.
template <typename Place>
Take text_at(
    Place place, bool (*is_good)(std::string_view) = [](std::string_view text) { return !text.empty(); }) {
  return [place, is_good](Configuration& c, std::string_view text) {
    if (!is_good(text)) return false;
    place(c) = text;
    return true;
  };
}

template <typename Place, typename Parse>
Take value_at(Place place, Parse parse) {
  return [place, parse](Configuration& c, std::string_view text) {
    const auto value = parse(text);
    if (value) place(c) = *value;
    return value.has_value();
  };
}

std::optional<std::uint16_t> port_of(std::string_view text) {
  const auto port = remotemail::parse_number<std::uint16_t>(text);
  return port && *port > 0 ? port : std::nullopt;
}

std::optional<Transport> transport_of(std::string_view text) {
  if (text == "automatic") return Transport::automatic;
  if (text == "https") return Transport::https;
  if (text == "http") return Transport::http;
  return std::nullopt;
}

std::optional<Spool> spool_of(std::string_view text) {
  if (text == "imap") return Spool::imap;
  if (text == "pop3") return Spool::pop3;
  return std::nullopt;
}

constexpr std::string_view kSecurity = "tls, starttls or none";
constexpr std::string_view kServer = "a host name or an IP address";
constexpr std::string_view kPort = "1 to 65535";
constexpr std::string_view kUser = "a user name";
constexpr std::string_view kPasswordFile = "a file that holds nothing else";

}  // namespace

void add_web_keys(std::vector<ConfigurationKey>& keys) {
  const auto add = [&](std::string_view section, std::string_view name, std::string_view right,
                       std::string_view default_text, std::string_view help, Take take,
                       std::string_view example = {}) {
    keys.push_back({section, name, right, default_text, help, std::move(take), example});
  };
  add("web", "listen",
      "an address and a port such as 127.0.0.1:8080, 0.0.0.0:8443 or [::1]:8080, or a port of loopback", "",
      "where the pages are served; without it there are none",
      text_at(
          [](auto& c) -> auto& { return c.web.listen; }, is_listen_address),
      "127.0.0.1:8080");
  add("web", "transport", "automatic, https or http", "automatic",
      "automatic is http on loopback and https elsewhere; http elsewhere lets passwords be read on the way",
      value_at(
          [](auto& c) -> auto& { return c.web.transport; }, transport_of));
  add("web", "certificate", "a PEM file", "",
      "the certificate (chain) of https, instead of one made at the first start",
      text_at([](auto& c) -> auto& { return c.web.certificate; }), "/etc/remotemail/web.pem");
  add("web", "key", "a PEM file without pass phrase", "", "the private key of certificate",
      text_at([](auto& c) -> auto& { return c.web.key; }), "/etc/remotemail/web.key");
  add("web", "hosts", "names, separated by blanks", "",
      "names by which browsers may call, beside loopback, the listener's addresses and the host name",
      value_at(
          [](auto& c) -> auto& { return c.web.hosts; }, hosts_of),
      "copier.example.com");
  add("web", "stylesheet", "a CSS file of at most 256 KiB", "", "replaces the stylesheet of the pages",
      text_at([](auto& c) -> auto& { return c.web.stylesheet; }), "/etc/remotemail/web.css");
  add("web", "texts", "a file of lines KEY=TEXT", "", "replaces texts of the pages",
      text_at([](auto& c) -> auto& { return c.web.texts; }), "/etc/remotemail/web.texts");

  add("ce_desk", "address", "a mail address", "",
      "the CE desk, a small mail client on the pages: its own address",
      text_at(
          [](auto& c) -> auto& { return c.ce_desk.address; }, is_mail_address),
      "ce@example.com");
  add("ce_desk", "spool", "imap or pop3", "imap", "how its mailbox is read; nothing is removed from it",
      value_at(
          [](auto& c) -> auto& { return c.ce_desk.spool; }, spool_of));
  add("ce_desk", "mailbox_server", kServer, "", "where its mailbox is",
      text_at(
          [](auto& c) -> auto& { return c.ce_desk.mailbox.host; }, is_host),
      "imap.example.com");
  add("ce_desk", "mailbox_port", kPort, "", "its port, where it is not the usual one",
      value_at(
          [](auto& c) -> auto& { return c.ce_desk.mailbox.port; }, port_of),
      "993");
  add("ce_desk", "mailbox_security", kSecurity, "tls", "how the connection is protected",
      value_at(
          [](auto& c) -> auto& { return c.ce_desk.mailbox.security; }, security_of));
  add("ce_desk", "mailbox_user", kUser, "", "who logs in",
      text_at([](auto& c) -> auto& { return c.ce_desk.mailbox.user; }), "ce");
  add("ce_desk", "mailbox_password_file", kPasswordFile, "", "the password",
      text_at([](auto& c) -> auto& { return c.ce_desk.mailbox.password_file; }),
      "/etc/remotemail/ce-password");
  add("ce_desk", "smtp_server", kServer, "", "where it hands in its mails",
      text_at(
          [](auto& c) -> auto& { return c.ce_desk.smtp.host; }, is_host),
      "smtp.example.com");
  add("ce_desk", "smtp_port", kPort, "", "its port, where it is not the usual one",
      value_at(
          [](auto& c) -> auto& { return c.ce_desk.smtp.port; }, port_of),
      "465");
  add("ce_desk", "smtp_security", kSecurity, "tls", "how the connection is protected",
      value_at(
          [](auto& c) -> auto& { return c.ce_desk.smtp.security; }, security_of));
  add("ce_desk", "smtp_user", kUser, "", "who logs in; without it nobody does",
      text_at([](auto& c) -> auto& { return c.ce_desk.smtp.user; }), "ce");
  add("ce_desk", "smtp_password_file", kPasswordFile, "", "the password",
      text_at([](auto& c) -> auto& { return c.ce_desk.smtp.password_file; }), "/etc/remotemail/ce-password");
  add("ce_desk", "ca_file", "a PEM file", "",
      "the authorities both servers are checked by, instead of the system's",
      text_at([](auto& c) -> auto& { return c.ce_desk.ca_file; }), "/etc/remotemail/ca.pem");
}

std::string what_is_missing(const Configuration& configuration) {
  const WebConfiguration& web = configuration.web;
  if (web.certificate.empty() != web.key.empty()) return "[web] wants certificate and key, or neither";
  if (!web.certificate.empty() && web.transport == Transport::http)
    return "[web] transport http has no use for a certificate: leave out one of them";
  const CeDeskConfiguration& desk = configuration.ce_desk;
  if (!desk.is_wanted()) return {};
  const std::pair<const char*, bool> wanted[] = {
      {"address", desk.address.empty()},
      {"mailbox_server", desk.mailbox.host.empty()},
      {"mailbox_user", desk.mailbox.user.empty()},
      {"mailbox_password_file", desk.mailbox.password_file.empty()},
      {"smtp_server", desk.smtp.host.empty()},
      {"smtp_password_file (with smtp_user)", !desk.smtp.user.empty() && desk.smtp.password_file.empty()},
      {"smtp_user (with smtp_password_file)", desk.smtp.user.empty() && !desk.smtp.password_file.empty()}};
  for (const auto& [name, missing] : wanted) {
    if (missing) return std::string("[ce_desk] lacks ") + name;
  }
  return {};
}

}  // namespace remotemaild
