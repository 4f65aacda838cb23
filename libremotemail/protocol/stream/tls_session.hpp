// TLS over one descriptor, on OpenSSL itself: Poco's SecureStreamSocket takes a handshake that outlives its
// timeout for a verified one. Nothing here waits.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "protocol/stream/tls_contexts.hpp"
#include "protocol/stream/wire.hpp"
#include "remotemail/core/clock.hpp"
#include "remotemail/core/server_account.hpp"
#include "remotemail/protocol/stream.hpp"

namespace remotemail {

// For the context of TlsContexts::pinning(): compares the key of the certificate with the pin of its session.
int judge_pin(X509_STORE_CTX* chain, void* unused);

// Chain, dates and name (or the pin) are judged by OpenSSL inside the handshake, before our last message of
// it goes out, and once more by verified(). Stays where it was made: OpenSSL holds its address.
class TlsSession {
 public:
  // invalid_value without host and pin, or with a pin that is none; ca_file_unreadable. `now` judges the
  // certificate.
  static Result<std::unique_ptr<TlsSession>> make(TlsContexts& contexts, int descriptor,
                                                  const TlsPolicy& policy, WallTime now);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  Moved handshake();
  // The second belt: the handshake is complete, there is a certificate, and it is the right one.
  Status verified() const;
  // Why the handshake ended so: the certificate, TLS as such, or the line.
  Error failure(const Moved& end) const;

  Moved read(std::span<char> out);
  Moved write(std::string_view bytes);
  void say_goodbye();  // close_notify, if it can be sent at once

  // Also of a certificate that was refused, with active = false: what `check` offers for pinning.
  TlsInfo info() const;

 private:
  struct FreeSsl {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };
  friend int judge_pin(X509_STORE_CTX*, void*);
  static int note_verdict(int good, X509_STORE_CTX* chain);
  static TlsSession* of(X509_STORE_CTX* chain);

  TlsSession(TlsContext context, const TlsPolicy& policy, WallTime now);
  bool prepare(int descriptor);
  bool name_fits(X509* certificate) const;
  Moved outcome(int result);  // of the SSL_… call just made
  Error verdict_on(X509_STORE_CTX* chain) const;

  TlsContext context_;
  std::string host_;                    // bare
  std::optional<std::string> address_;  // its octets, when it is an address
  std::string pin_;                     // lower case, or empty
  WallTime now_;
  std::unique_ptr<SSL, FreeSsl> ssl_;
  std::optional<Error> verdict_;  // of the certificate, when it is bad
  TlsInfo seen_;                  // of the certificate, good or bad
};

}  // namespace remotemail
