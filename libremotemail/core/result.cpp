#include "remotemail/core/result.hpp"

namespace remotemail {

std::string_view words(Cause cause) noexcept {
  switch (cause) {
    case Cause::name_not_found:
      return "name not found";
    case Cause::resolver_failed:
      return "the name server does not answer";
    case Cause::connection_refused:
      return "connection refused";
    case Cause::unreachable:
      return "network unreachable";
    case Cause::timed_out:
      return "no answer in time";
    case Cause::stopped:
      return "stopped on request";
    case Cause::connection_lost:
      return "connection lost";
    case Cause::tls_not_offered:
      return "the server does not offer STARTTLS";
    case Cause::tls_failed:
      return "TLS handshake failed";
    case Cause::certificate_expired:
      return "the server's certificate has expired";
    case Cause::certificate_not_yet_valid:
      return "the server's certificate is not valid yet by this machine's clock";
    case Cause::certificate_untrusted:
      return "the server's certificate is not signed by a trusted authority";
    case Cause::certificate_name_mismatch:
      return "the server's certificate is for another name";
    case Cause::pin_mismatch:
      return "the server's public key is not the pinned one";
    case Cause::ca_file_unreadable:
      return "the file of certificate authorities cannot be read";
    case Cause::not_this_protocol:
      return "the server speaks another protocol";
    case Cause::protocol_violation:
      return "the server broke the protocol";
    case Cause::answer_too_large:
      return "the server's answer is larger than allowed";
    case Cause::login_refused:
      return "the server refused user name or password";
    case Cause::login_not_possible:
      return "the server offers no log-in that can be used";
    case Cause::mailbox_in_use:
      return "the mailbox is in use by another session";
    case Cause::mailbox_missing:
      return "there is no such mailbox";
    case Cause::refused_for_now:
      return "refused for now";
    case Cause::refused:
      return "refused";
    case Cause::capability_missing:
      return "the server lacks a command that is needed";
    case Cause::sender_refused:
      return "the server refused the sender";
    case Cause::recipient_refused:
      return "the server refused the recipient";
    case Cause::message_refused:
      return "the server refused the message";
    case Cause::message_too_large:
      return "the message is larger than the server takes";
    case Cause::device_busy:
      return "the machine is busy";
    case Cause::device_unsupported:
      return "the machine has no such list";
    case Cause::device_unreachable:
      return "the machine does not answer";
    case Cause::device_broken:
      return "the machine gave an unusable answer";
    case Cause::device_off:
      return "the machine is off";
    case Cause::store_full:
      return "the disk is full";
    case Cause::store_failed:
      return "the state could not be read or written";
    case Cause::store_damaged:
      return "the state is damaged";
    case Cause::store_too_new:
      return "the state was made by a later version";
    case Cause::already_running:
      return "another instance is running";
    case Cause::key_missing:
      return "the sealing key does not fit";
    case Cause::not_permitted:
      return "not permitted";
    case Cause::invalid_value:
      return "not a valid value";
    case Cause::missing_value:
      return "a value is missing";
    case Cause::changed_elsewhere:
      return "changed elsewhere";
    case Cause::confirmation_needed:
      return "confirmation needed";
    case Cause::disabled:
      return "E-mail notification is disabled";
    case Cause::not_found:
      return "not found";
    case Cause::unsafe_text:
      return "a line break or NUL where none may stand";
    case Cause::internal:
      return "internal error";
  }
  return "internal error";
}

std::string_view words(Step step) noexcept {
  switch (step) {
    case Step::none:
      return "";
    case Step::resolve:
      return "name look-up";
    case Step::connect:
      return "connection";
    case Step::tls:
      return "TLS";
    case Step::greeting:
      return "greeting";
    case Step::capabilities:
      return "capabilities";
    case Step::login:
      return "log-in";
    case Step::select:
      return "mailbox";
    case Step::list:
      return "listing";
    case Step::fetch:
      return "fetching";
    case Step::remove:
      return "removing";
    case Step::close:
      return "closing";
    case Step::ehlo:
      return "EHLO";
    case Step::mail_from:
      return "sender";
    case Step::recipient:
      return "recipient";
    case Step::data:
      return "message";
    case Step::confirmation:
      return "confirmation";
    case Step::store:
      return "state";
    case Step::device:
      return "machine";
    case Step::settings:
      return "settings";
  }
  return "";
}

std::string_view cure(Cause cause) noexcept {
  switch (cause) {
    case Cause::name_not_found:
      return "check the server's name and the DNS server";
    case Cause::resolver_failed:
      return "check the network and the DNS server";
    case Cause::connection_refused:
      return "check server and port; is the mail service running there?";
    case Cause::unreachable:
      return "check IP address, gateway and cable";
    case Cause::timed_out:
      return "check server, port and any firewall between";
    case Cause::tls_not_offered:
      return "use security 'tls' with its port, or ask the server's administrator";
    case Cause::tls_failed:
      return "check that port and security belong together";
    case Cause::certificate_expired:
      return "the server's administrator must renew it";
    case Cause::certificate_not_yet_valid:
      return "check the clock of this machine";
    case Cause::certificate_untrusted:
      return "set security.ca_file to the authority's certificate, or pin the server's key";
    case Cause::certificate_name_mismatch:
      return "use the name that stands in the certificate";
    case Cause::pin_mismatch:
      return "someone may be in between; if the server's key was renewed, set the new pin";
    case Cause::ca_file_unreadable:
      return "check security.ca_file: a readable PEM file";
    case Cause::not_this_protocol:
      return "check that port and protocol belong together";
    case Cause::login_refused:
      return "check user name and password at the mail server";
    case Cause::login_not_possible:
      return "use security 'tls' or 'starttls', or ask the server's administrator";
    case Cause::mailbox_in_use:
      return "give each copier a mailbox of its own";
    case Cause::mailbox_missing:
      return "check the mailbox's name";
    case Cause::sender_refused:
      return "set transmission.envelope_sender=copier, or use a sender the server allows";
    case Cause::recipient_refused:
      return "check the address";
    case Cause::message_too_large:
      return "ask the server's administrator to allow larger mails (SIZE)";
    case Cause::store_full:
      return "make room on the disk; nothing is fetched or removed until then";
    case Cause::store_failed:
      return "check the disk; nothing is fetched or removed until then";
    case Cause::store_damaged:
      return "restore a backup; nothing is fetched or removed until then";
    case Cause::store_too_new:
      return "install the later version again";
    case Cause::already_running:
      return "stop the other one first";
    case Cause::key_missing:
      return "enter the password anew, or bring the sealing key back";
    case Cause::changed_elsewhere:
      return "look at the present values and apply again";
    case Cause::confirmation_needed:
      return "confirm with --yes";
    default:
      return "";
  }
}

std::string describe(const Error& error) {
  std::string line;
  const auto add = [&line](std::string_view piece, std::string_view before) {
    if (piece.empty()) return;
    if (!line.empty()) line += before;
    line += piece;
  };
  add(words(error.step), "");
  add(error.detail, " ");
  // The detail of a value that is refused, or of an address that another program has, says in words what is right; the
  // cause would add nothing.
  const bool says_all =
      !error.detail.empty() && (error.cause == Cause::invalid_value ||
                                (error.cause == Cause::already_running && error.step == Step::settings));
  if (!says_all) add(words(error.cause), ": ");
  if (!error.server_line.empty()) line += " (server: " + error.server_line + ")";
  const std::string_view explained = explain(error.server_line);
  // A port that expects TLS from the first byte greets nobody.
  const bool no_greeting = error.cause == Cause::timed_out && error.step == Step::greeting;
  if (!explained.empty())
    add(explained, "; ");
  else if (no_greeting)
    add("check that port and security belong together, and any firewall between", "; ");
  else if (!says_all)
    add(cure(error.cause), "; ");
  return line;
}

}  // namespace remotemail
