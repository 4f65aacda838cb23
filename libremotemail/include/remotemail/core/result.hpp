// What can go wrong in the field, as a value. Nothing of this library reports a field error by exception.
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace remotemail {

// The one vocabulary of causes: log, web page, command line and notices all speak it (design, "Errors").
enum class Cause {
  // network
  name_not_found, resolver_failed, connection_refused, unreachable, timed_out, stopped, connection_lost,
  // TLS
  tls_not_offered, tls_failed, certificate_expired, certificate_not_yet_valid, certificate_untrusted,
  certificate_name_mismatch, pin_mismatch, ca_file_unreadable,
  // dialogue
  not_this_protocol, protocol_violation, answer_too_large, login_refused, login_not_possible, mailbox_in_use,
  mailbox_missing, refused_for_now, refused, capability_missing, sender_refused, recipient_refused,
  message_refused, message_too_large,
  // device
  device_busy, device_unsupported, device_unreachable, device_broken, device_off,
  // state
  store_full, store_failed, store_damaged, store_too_new, already_running, key_missing, not_permitted,
  // use
  invalid_value, missing_value, changed_elsewhere, confirmation_needed, disabled, not_found, unsafe_text,
  internal,
};

// Where in the work it happened; `check`, the tests and the log name it in words.
enum class Step {
  none, resolve, connect, tls, greeting, capabilities, login, select, list, fetch, remove, close,
  ehlo, mail_from, recipient, data, confirmation, store, device, settings,
};

// When trying again makes sense; the agent's schedule goes by it.
enum class Retry { now, later, after_setup_change, never };

std::string_view words(Cause) noexcept;  // "connection refused"; never empty
std::string_view words(Step) noexcept;   // "log-in"; empty for Step::none

struct Error {
  Cause cause = Cause::internal;
  Step step = Step::none;
  Retry retry = Retry::later;
  std::string detail;       // what it concerns, in words: "mail.example.com:995", "reception.port". Never a secret.
  std::string server_line;  // the server's own line, cleaned by clean_line(), at most 200 characters; or empty
};

// One line for log, page and command line: step, detail, cause, the server's line and, where one is known, the cure.
std::string describe(const Error&);
// The cure alone, in words, or empty: "check the server name and the DNS server".
std::string_view cure(Cause) noexcept;
// What a code that a mail server gave means, and what helps, where the code is a known one: "535 5.7.139 …",
// "[IN-USE] …"; else empty. describe() says it instead of the cure. Work: linear in the line.
std::string_view explain(std::string_view server_line) noexcept;

inline Error make_error(Cause cause, Step step, std::string detail = {}, Retry retry = Retry::later) {
  return Error{cause, step, retry, std::move(detail), {}};
}

// A value or an Error. Asking the wrong half is a bug and asserts (also in release builds: std::get throws).
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit by intent
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT

  bool ok() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return ok(); }

  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  // By value: a reference into a temporary would dangle in `for (x : f().value())`.
  T value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  Error& error() & { return std::get<1>(state_); }
  const Error& error() const& { return std::get<1>(state_); }
  Error error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit by intent

  bool ok() const noexcept { return !error_.has_value(); }
  explicit operator bool() const noexcept { return ok(); }
  Error& error() & { return error_.value(); }
  const Error& error() const& { return error_.value(); }
  Error error() && { return std::move(error_).value(); }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace remotemail
