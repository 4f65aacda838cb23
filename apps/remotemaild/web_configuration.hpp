// The sections [web] and [ce_desk]: the pages, and the mail client of the CE desk on them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "remotemail/core/server_account.hpp"
#include "remotemail/web/web_pages.hpp"

namespace remotemaild {

struct Configuration;
struct ConfigurationKey;

struct WebConfiguration {
  std::string listen;  // empty: no pages
  std::string certificate, key;
  remotemail::WebOptions::Transport transport = remotemail::WebOptions::Transport::automatic;
  std::vector<std::string> hosts;
  std::string stylesheet, texts;  // files
  bool operator==(const WebConfiguration&) const = default;
};

struct CeDeskConfiguration {
  struct Server {
    std::string host, user, password_file;
    std::uint16_t port = 0;  // 0: the usual one
    remotemail::Security security = remotemail::Security::tls;
    bool operator==(const Server&) const = default;
  };
  std::string address;
  Server mailbox, smtp;
  remotemail::Spool spool = remotemail::Spool::imap;
  std::string ca_file;
  // A desk is wanted when anything of it is said.
  bool is_wanted() const { return !(*this == CeDeskConfiguration{}); }
  bool operator==(const CeDeskConfiguration&) const = default;
};

void add_web_keys(std::vector<ConfigurationKey>& keys);
// What has to be said with what is said, in words; empty: all is there.
std::string what_is_missing(const Configuration& configuration);

}  // namespace remotemaild
