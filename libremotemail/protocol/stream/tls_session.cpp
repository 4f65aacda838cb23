#include "protocol/stream/tls_session.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <utility>

#include "core/text.hpp"
#include "protocol/stream/certificate.hpp"
#include "protocol/stream/host_name.hpp"

namespace remotemail {
namespace {

// OpenSSL's own socket BIO writes without MSG_NOSIGNAL; this one goes through wire.hpp. The descriptor is the
// BIO's data.
int descriptor_of(BIO* bio) {
  return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

int bio_read(BIO* bio, char* out, int size) {
  BIO_clear_retry_flags(bio);
  if (out == nullptr || size <= 0) return 0;
  const Moved moved = receive_plain(descriptor_of(bio), {out, static_cast<std::size_t>(size)});
  if (moved.progress == Progress::done) return static_cast<int>(moved.count);
  if (moved.progress == Progress::want_read) BIO_set_retry_read(bio);
  if (moved.progress == Progress::closed) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return moved.progress == Progress::closed ? 0 : -1;
}

int bio_write(BIO* bio, const char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  if (bytes == nullptr || size <= 0) return 0;
  const Moved moved = send_plain(descriptor_of(bio), {bytes, static_cast<std::size_t>(size)});
  if (moved.progress == Progress::done) return static_cast<int>(moved.count);
  if (moved.progress == Progress::want_write) BIO_set_retry_write(bio);
  return -1;
}

long bio_control(BIO* bio, int command, long /*number*/, void* /*data*/) {
  if (command == BIO_CTRL_FLUSH) return 1;
  if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
  return 0;
}

int bio_create(BIO* bio) {
  BIO_set_init(bio, 1);
  return 1;
}

// Made once for the process: OpenSSL has numbers for 127 of them. Constant from then on.
const BIO_METHOD* bio_method() {
  static const BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "descriptor without SIGPIPE");
    if (made == nullptr) return made;
    BIO_meth_set_read(made, &bio_read);
    BIO_meth_set_write(made, &bio_write);
    BIO_meth_set_ctrl(made, &bio_control);
    BIO_meth_set_create(made, &bio_create);
    return made;
  }();
  return method;
}

std::string day_of(const ASN1_TIME* time) {
  return date_and_time(time).substr(0, 10);
}

std::string day_of(WallTime time) {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(time));
  const auto two = [](unsigned number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return std::to_string(static_cast<int>(day.year())) + '-' + two(static_cast<unsigned>(day.month())) + '-' +
         two(static_cast<unsigned>(day.day()));
}

std::string last_reason() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  if (ERR_GET_LIB(code) == ERR_LIB_SSL) {
    switch (ERR_GET_REASON(code)) {
      case SSL_R_WRONG_VERSION_NUMBER:
      case SSL_R_HTTP_REQUEST:
      case SSL_R_PACKET_LENGTH_TOO_LONG:
        return "the answer is not TLS; is port or security right?";
      default:
        break;
    }
  }
  const char* reason = ERR_reason_error_string(code);
  return code == 0 || reason == nullptr ? std::string() : clean_line(reason);
}

}  // namespace

TlsSession::TlsSession(TlsContext context, const TlsPolicy& policy, WallTime now)
    : context_(std::move(context)),
      host_(bare_host(policy.host)),
      address_(address_octets(host_)),
      pin_(lower(policy.pin)),
      now_(now) {}

TlsSession::~TlsSession() = default;

Result<std::unique_ptr<TlsSession>> TlsSession::make(TlsContexts& contexts, int descriptor,
                                                     const TlsPolicy& policy, WallTime now) {
  // Neither may be left out silently: an empty name would switch OpenSSL's name check off.
  if (policy.pin.empty() && !is_plausible_name(bare_host(policy.host))) {
    return make_error(Cause::invalid_value, Step::tls, "host \"" + clean_line(policy.host) + "\"",
                      Retry::after_setup_change);
  }
  if (!policy.pin.empty() && (policy.pin.size() != 64 || !from_hex(policy.pin))) {
    return make_error(Cause::invalid_value, Step::tls, "a pin is 64 hex digits", Retry::after_setup_change);
  }
  auto context = policy.pin.empty() ? contexts.verifying(policy.ca_file) : contexts.pinning();
  if (!context) return std::move(context).error();
  std::unique_ptr<TlsSession> session(new TlsSession(std::move(*context), policy, now));
  if (!session->prepare(descriptor)) {
    ERR_clear_error();
    return make_error(Cause::tls_failed, Step::tls, "OpenSSL could not be set up");
  }
  return session;
}

bool TlsSession::prepare(int descriptor) {
  ssl_.reset(SSL_new(context_.get()));
  if (!ssl_ || bio_method() == nullptr) return false;
  BIO* bio = BIO_new(bio_method());
  if (bio == nullptr) return false;
  BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(descriptor)));
  SSL_set_bio(ssl_.get(), bio, bio);  // owns it
  SSL_set_app_data(ssl_.get(), this);
  SSL_set_connect_state(ssl_.get());

  const bool is_name = !address_ && is_plausible_name(host_);
  if (is_name && SSL_set_tlsext_host_name(ssl_.get(), host_.c_str()) != 1) return false;
  if (!pin_.empty()) return true;

  SSL_set_verify(ssl_.get(), SSL_VERIFY_PEER, &note_verdict);
  X509_VERIFY_PARAM* asked = SSL_get0_param(ssl_.get());
  X509_VERIFY_PARAM_set_hostflags(asked, kNameCheckFlags);
  X509_VERIFY_PARAM_set_time(asked, std::chrono::system_clock::to_time_t(now_));
  return (address_ ? X509_VERIFY_PARAM_set1_ip(
                         asked, reinterpret_cast<const unsigned char*>(address_->data()), address_->size())
                   : X509_VERIFY_PARAM_set1_host(asked, host_.data(), host_.size())) == 1;
}

TlsSession* TlsSession::of(X509_STORE_CTX* chain) {
  auto* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx()));
  return ssl == nullptr ? nullptr : static_cast<TlsSession*>(SSL_get_app_data(ssl));
}

int TlsSession::note_verdict(int good, X509_STORE_CTX* chain) {
  TlsSession* session = of(chain);
  if (session == nullptr) return 0;
  if (const X509* leaf = X509_STORE_CTX_get0_cert(chain); leaf != nullptr && session->seen_.pin.empty()) {
    describe_certificate(leaf, session->seen_);
  }
  if (good != 1 && !session->verdict_) session->verdict_ = session->verdict_on(chain);
  return good;
}

int judge_pin(X509_STORE_CTX* chain, void* /*unused*/) {
  TlsSession* session = TlsSession::of(chain);
  const X509* leaf = X509_STORE_CTX_get0_cert(chain);
  if (session == nullptr || leaf == nullptr || session->pin_.empty()) {
    X509_STORE_CTX_set_error(chain, X509_V_ERR_APPLICATION_VERIFICATION);
    return 0;
  }
  describe_certificate(leaf, session->seen_);
  const bool same = session->seen_.pin == session->pin_;
  if (!same) {
    session->verdict_ = make_error(Cause::pin_mismatch, Step::tls, "its key is " + session->seen_.pin,
                                   Retry::after_setup_change);
  }
  X509_STORE_CTX_set_error(chain, same ? X509_V_OK : X509_V_ERR_APPLICATION_VERIFICATION);
  return same ? 1 : 0;
}

Error TlsSession::verdict_on(X509_STORE_CTX* chain) const {
  const int code = X509_STORE_CTX_get_error(chain);
  const int depth = X509_STORE_CTX_get_error_depth(chain);
  const X509* at = X509_STORE_CTX_get_current_cert(chain);
  if (at == nullptr) at = X509_STORE_CTX_get0_cert(chain);
  if (at == nullptr) return make_error(Cause::certificate_untrusted, Step::tls, "no certificate");
  const std::string whose = depth > 0 ? "its issuer " + subject_of(at) + " " : "";
  switch (code) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return make_error(Cause::certificate_expired, Step::tls,
                        whose + "expired on " + day_of(X509_get0_notAfter(at)));
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return make_error(Cause::certificate_not_yet_valid, Step::tls,
                        whose + "is valid from " + day_of(X509_get0_notBefore(at)) +
                            ", this machine's clock says " + day_of(now_));
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return make_error(Cause::certificate_name_mismatch, Step::tls,
                        "is for " + names_of(at) + ", not " + clean_line(host_, 80));
    default:
      return make_error(
          Cause::certificate_untrusted, Step::tls,
          whose + clean_line(X509_verify_cert_error_string(code)) + ", issued by " + issuer_of(at));
  }
}

bool TlsSession::name_fits(X509* certificate) const {
  if (address_) {
    return X509_check_ip(certificate, reinterpret_cast<const unsigned char*>(address_->data()),
                         address_->size(), kNameCheckFlags) == 1;
  }
  return X509_check_host(certificate, host_.data(), host_.size(), kNameCheckFlags, nullptr) == 1;
}

Moved TlsSession::handshake() {
  ERR_clear_error();
  return outcome(SSL_do_handshake(ssl_.get()));
}

Status TlsSession::verified() const {
  const SSL* ssl = ssl_.get();
  X509* certificate = SSL_get0_peer_certificate(ssl);
  if (SSL_is_init_finished(ssl) != 1 || certificate == nullptr || SSL_version(ssl) < TLS1_2_VERSION) {
    return make_error(Cause::tls_failed, Step::tls, "the handshake is not complete");
  }
  if (verdict_) return *verdict_;
  if (!pin_.empty()) {
    if (public_key_pin(certificate) == pin_) return {};
    return make_error(Cause::pin_mismatch, Step::tls, {}, Retry::after_setup_change);
  }
  if (SSL_get_verify_result(ssl) != X509_V_OK) return make_error(Cause::certificate_untrusted, Step::tls);
  if (!name_fits(certificate)) {
    return make_error(Cause::certificate_name_mismatch, Step::tls, "is for " + names_of(certificate));
  }
  return {};
}

Error TlsSession::failure(const Moved& end) const {
  if (verdict_) return *verdict_;
  return make_error(end.progress == Progress::failed ? Cause::tls_failed : Cause::connection_lost, Step::tls,
                    clean_line(end.why));
}

Moved TlsSession::read(std::span<char> out) {
  ERR_clear_error();
  std::size_t count = 0;
  const int result = SSL_read_ex(ssl_.get(), out.data(), out.size(), &count);
  return result == 1 ? Moved{Progress::done, count} : outcome(result);
}

Moved TlsSession::write(std::string_view bytes) {
  ERR_clear_error();
  std::size_t count = 0;
  const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &count);
  return result == 1 ? Moved{Progress::done, count} : outcome(result);
}

void TlsSession::say_goodbye() {
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

Moved TlsSession::outcome(int result) {
  if (result == 1) return {Progress::done};
  const int system_error = errno;
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return {Progress::want_read};
    case SSL_ERROR_WANT_WRITE:
      return {Progress::want_write};
    case SSL_ERROR_ZERO_RETURN:
      return {Progress::closed};
    case SSL_ERROR_SYSCALL:
      ERR_clear_error();
      return {Progress::cut, 0,
              system_error == 0 ? std::string("cut") : std::string(std::strerror(system_error))};
    default:
      if (ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
        ERR_clear_error();
        return {Progress::cut, 0, "cut without the end of TLS"};
      }
      return {Progress::failed, 0, last_reason()};
  }
}

TlsInfo TlsSession::info() const {
  TlsInfo info = seen_;
  if (SSL_is_init_finished(ssl_.get()) == 1 && !verdict_) {
    info.active = true;
    info.version = SSL_get_version(ssl_.get());
    info.cipher = SSL_get_cipher_name(ssl_.get());
  }
  return info;
}

}  // namespace remotemail
