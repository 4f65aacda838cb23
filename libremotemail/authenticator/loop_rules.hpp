// R10: which mails are never answered, though the password is right. One pure function a rule, one table of
// them.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "remotemail/authenticator/authenticator.hpp"

namespace remotemail {

// Why `mail` is not answered, in words for the log, or nothing when the rule does not apply.
using LoopRule = std::optional<std::string> (*)(const Mail& mail, const AccessRules& rules);

namespace loop_rules {
std::optional<std::string> auto_submitted(const Mail&,
                                          const AccessRules&);            // RFC 3834 2 and 5.2, RFC 5230 4.6
std::optional<std::string> null_sender(const Mail&, const AccessRules&);  // RFC 3834 2
std::optional<std::string> system_sender(const Mail&, const AccessRules&);  // RFC 5230 4.6
std::optional<std::string> report(const Mail&, const AccessRules&);         // RFC 3464, RFC 8098
std::optional<std::string> precedence(const Mail&, const AccessRules&);     // RFC 3834 2
std::optional<std::string> mailing_list(const Mail&, const AccessRules&);  // RFC 5230 4.6, RFC 2369, RFC 2919
std::optional<std::string> response_suppress(const Mail&, const AccessRules&);  // MS-OXCMAIL
std::optional<std::string> responder(const Mail&, const AccessRules&);  // X-Autoreply: before RFC 3834
std::optional<std::string> own_loop(const Mail&, const AccessRules&);   // X-Loop is our stamp
std::optional<std::string> no_ack(const Mail&, const AccessRules&);
std::optional<std::string> own_address(const Mail&, const AccessRules&);
std::optional<std::string> many_hops(const Mail&, const AccessRules&);  // RFC 5321 6.3
}  // namespace loop_rules

// All of them, in the order in which they are asked.
std::span<const LoopRule> all_loop_rules() noexcept;

// The sender is one of those that tell of failures: MAILER-DAEMON or postmaster of any host.
bool may_write_reports(const Mail& mail);

}  // namespace remotemail
