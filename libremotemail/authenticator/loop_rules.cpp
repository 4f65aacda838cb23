#include "authenticator/loop_rules.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/text.hpp"

namespace remotemail {
namespace {

constexpr unsigned kHops = 100;  // RFC 5321 6.3: a threshold of at least 100 Received fields

// The mailbox name in lower case, without "+detail" (RFC 5233).
std::string local_part(const Mail& mail) {
  if (!mail.from) return {};
  const std::string_view address = mail.from->address;
  const std::string_view local = address.substr(0, address.rfind('@'));
  return lower(local.substr(0, local.find('+')));
}

// In lower case.
std::string display_name(const Mail& mail) {
  if (!mail.from) return {};
  return lower(mail.from->display_name);
}

bool is_any_of(std::string_view word, std::span<const std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// RFC 5230 4.6. A postmaster is not among them: he may be a person.
bool is_mail_system(std::string_view local) {
  static constexpr std::array<std::string_view, 5> kNames{"mailer-daemon", "mdaemon", "mail.delivery.system",
                                                          "listserv", "majordomo"};
  return is_any_of(local, kNames) || local.starts_with("owner-") || local.ends_with("-request");
}

// Only as a sender: on the path it may be a gateway's, behind which a person writes.
bool wants_no_answer(std::string_view local) {
  static constexpr std::array<std::string_view, 6> kNames{"no-reply",     "noreply",      "no_reply",
                                                          "do-not-reply", "do_not_reply", "donotreply"};
  return is_any_of(local, kNames);
}

std::string named(std::string_view field, std::string_view value) {
  return "automatic mail (" + std::string(field) + ": " + clean_line(value, 60) + ")";
}

}  // namespace

namespace loop_rules {

std::optional<std::string> auto_submitted(const Mail& mail, const AccessRules&) {
  for (const std::string& value : mail.marks.auto_submitted) {
    if (value != "no") return named("Auto-Submitted", value);
  }
  return std::nullopt;
}

std::optional<std::string> null_sender(const Mail& mail, const AccessRules&) {
  if (!mail.marks.null_return_path) return std::nullopt;
  return "automatic mail (Return-Path: <>)";
}

std::optional<std::string> system_sender(const Mail& mail, const AccessRules&) {
  if (display_name(mail).starts_with("mail delivery s")) {  // system, service, subsystem
    return "sent by a mail system (" + clean_line(mail.from->display_name, 60) + ")";
  }
  const std::string local = local_part(mail);
  const std::string_view path = mail.marks.return_path;
  if (is_mail_system(local) || wants_no_answer(local) || is_mail_system(path)) {
    const std::string_view name = is_mail_system(path) ? path : local;
    return "sent by a mail system (" + clean_line(name, 60) + ")";
  }
  return std::nullopt;
}

std::optional<std::string> report(const Mail& mail, const AccessRules&) {
  if (!mail.marks.report && !mail.bounce) return std::nullopt;
  return "delivery or reading report";
}

std::optional<std::string> precedence(const Mail& mail, const AccessRules&) {
  static constexpr std::array<std::string_view, 4> kMass{"bulk", "junk", "list", "auto_reply"};
  for (const std::string& value : mail.marks.precedence) {
    if (is_any_of(value, kMass)) return "mass mail (Precedence: " + value + ")";
  }
  return std::nullopt;
}

std::optional<std::string> mailing_list(const Mail& mail, const AccessRules&) {
  if (!mail.marks.list_header) return std::nullopt;
  return "mailing list";
}

std::optional<std::string> response_suppress(const Mail& mail, const AccessRules&) {
  static constexpr std::array<std::string_view, 3> kOurs{"all", "oof", "autoreply"};
  for (const std::string& word : mail.marks.auto_response_suppress) {
    if (is_any_of(word, kOurs)) return "an answer is not wanted (X-Auto-Response-Suppress: " + word + ")";
  }
  return std::nullopt;
}

std::optional<std::string> responder(const Mail& mail, const AccessRules&) {
  if (!mail.marks.responder) return std::nullopt;
  return "automatic mail (X-Autoreply)";
}

std::optional<std::string> own_loop(const Mail& mail, const AccessRules& rules) {
  for (std::string_view value : mail.marks.x_loop) {
    if (value.starts_with('<') && value.ends_with('>')) value = value.substr(1, value.size() - 2);
    if (!rules.own_address.empty() && equal_ignoring_case(value, rules.own_address)) {
      return "our own mail came back (X-Loop)";
    }
  }
  return std::nullopt;
}

std::optional<std::string> no_ack(const Mail& mail, const AccessRules&) {
  if (!mail.marks.no_ack) return std::nullopt;
  return "an answer is not wanted (X-No-Ack)";
}

std::optional<std::string> own_address(const Mail& mail, const AccessRules& rules) {
  if (!mail.from || !equal_ignoring_case(mail.from->address, rules.own_address)) return std::nullopt;
  return "sent from this copier's own address";
}

std::optional<std::string> many_hops(const Mail& mail, const AccessRules&) {
  if (mail.marks.received <= kHops) return std::nullopt;
  return "mail loop (" + std::to_string(mail.marks.received) + " Received fields)";
}

}  // namespace loop_rules

std::span<const LoopRule> all_loop_rules() noexcept {
  using namespace loop_rules;
  static constexpr std::array<LoopRule, 12> kRules{
      auto_submitted, null_sender,       report, system_sender,           precedence, mailing_list, own_loop,
      responder,      response_suppress, no_ack, loop_rules::own_address, many_hops};
  return kRules;
}

bool may_write_reports(const Mail& mail) {
  const std::string local = local_part(mail);
  return local == "mailer-daemon" || local == "postmaster" || mail.marks.return_path == "mailer-daemon";
}

}  // namespace remotemail
