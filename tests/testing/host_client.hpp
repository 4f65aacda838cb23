// A client of few words for the memory mail host's dialogues: sockets and TLS, nothing of the library's own.
#pragma once

#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <string_view>

#include "remotemail/testing/memory_mail_host.hpp"

namespace remotemail::testing {

class HostClient {
 public:
  explicit HostClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    const timeval patience{20, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~HostClient() {
    ssl_.reset();
    ::close(socket_);
  }
  HostClient(const HostClient&) = delete;
  HostClient& operator=(const HostClient&) = delete;

  bool connected() const { return connected_; }

  // X509_V_OK, or what is wrong with the certificate of the host that calls itself `name`; -1: no TLS at all.
  long start_tls(const std::string& ca_pem, const char* name) {
    context_.reset(SSL_CTX_new(TLS_client_method()));
    const std::unique_ptr<BIO, decltype(&BIO_free)> pem(
        BIO_new_mem_buf(ca_pem.data(), static_cast<int>(ca_pem.size())), &BIO_free);
    const std::unique_ptr<X509, decltype(&X509_free)> ca(
        PEM_read_bio_X509(pem.get(), nullptr, nullptr, nullptr), &X509_free);
    if (ca) X509_STORE_add_cert(SSL_CTX_get_cert_store(context_.get()), ca.get());
    ssl_.reset(SSL_new(context_.get()));
    X509_VERIFY_PARAM* wanted = SSL_get0_param(ssl_.get());
    const std::string_view text(name);
    if (text.find_first_not_of("0123456789.:") == std::string_view::npos || text == "::1")
      X509_VERIFY_PARAM_set1_ip_asc(wanted, name);
    else
      SSL_set1_host(ssl_.get(), name);
    SSL_set_fd(ssl_.get(), socket_);
    if (SSL_connect(ssl_.get()) != 1) return -1;
    return SSL_get_verify_result(ssl_.get());
  }

  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const std::ptrdiff_t sent = ssl_ ? SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()))
                                       : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  // Without CRLF; "(closed)" when the host is gone.
  std::string line() {
    for (;;) {
      const std::size_t end = buffer_.find('\n');
      if (end != std::string::npos) {
        std::string text = buffer_.substr(0, end);
        buffer_.erase(0, end + 1);
        if (text.ends_with('\r')) text.pop_back();
        return text;
      }
      char piece[4096];
      const std::ptrdiff_t got =
          ssl_ ? SSL_read(ssl_.get(), piece, sizeof piece) : ::recv(socket_, piece, sizeof piece, 0);
      if (got <= 0) return "(closed)";
      buffer_.append(piece, static_cast<std::size_t>(got));
    }
  }
  std::string rest() {
    std::string all;
    for (std::string text = line(); text != "(closed)"; text = line()) all += text + "\n";
    return all + buffer_;
  }
  // Whether the host says nothing for that long.
  bool hears_nothing(int milliseconds) {
    const timeval wait{milliseconds / 1000, milliseconds % 1000 * 1000};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    char octet;
    const bool nothing = ::recv(socket_, &octet, 1, MSG_PEEK) < 0;
    const timeval patience{20, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return nothing;
  }

  std::string ask(std::string_view command) {
    send(std::string(command) + "\r\n");
    return line();
  }
  // POP3: the lines up to the dot, after the first.
  std::string ask_many(std::string_view command) {
    std::string all;
    if (!ask(command).starts_with("+OK")) return "(refused)";
    for (std::string text = line(); text != "." && text != "(closed)"; text = line()) all += text + "\n";
    return all;
  }
  // SMTP: the whole reply.
  std::string ask_reply(std::string_view command) {
    std::string all = ask(command), last = all;
    while (last.size() > 3 && last[3] == '-') all += "\n" + (last = line());
    return all;
  }
  // IMAP: everything up to the answer with the tag `t`, which is put before the command.
  std::string ask_tagged(std::string_view command) {
    send("t " + std::string(command) + "\r\n");
    return until_tag();
  }
  std::string until_tag() {
    std::string all;
    for (std::string text = line();; text = line()) {
      all += text + "\n";
      if (text.starts_with("t ") || text == "(closed)") return all;
    }
  }

 private:
  int socket_;
  bool connected_ = false;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{nullptr, &SSL_CTX_free};
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_{nullptr, &SSL_free};
  std::string buffer_;
};

inline MailHostOptions two_users() {
  MailHostOptions options;
  options.users = {{"ce", "secret"}, {"copier", "paper"}};
  return options;
}

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace remotemail::testing
