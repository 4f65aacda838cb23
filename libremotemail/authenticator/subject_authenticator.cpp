#include <algorithm>
#include <optional>

#include "authenticator/loop_rules.hpp"
#include "core/text.hpp"
#include "remotemail/authenticator/authenticator.hpp"
#include "remotemail/core/limits.hpp"
#include "remotemail/core/password.hpp"
#include "remotemail/core/secret.hpp"

namespace remotemail {
namespace {

using Decision = std::optional<Verdict>;

// "12,345": what people read in a log.
std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, 1, ',');
  return digits;
}

// C3: the token is unguessable, so nothing else of the mail matters.
Decision judge_test(const Mail& mail, const AccessRules& rules) {
  const std::string& token = mail.marks.test_token;
  if (rules.test_token.empty() || !equal_in_constant_time(token, rules.test_token)) return std::nullopt;
  return OwnTest{token};
}

// R10: a report on one of our replies. Which one it is on stands in its body, so a header alone that looks
// like a report's leaves it open, whatever the mail's size.
Decision judge_bounce(const Mail& mail, std::uint64_t size, bool complete, const AccessRules& rules) {
  if (mail.bounce && rules.is_ours) {
    const auto& ids = mail.bounce->message_ids;
    if (std::any_of(ids.begin(), ids.end(), rules.is_ours)) return Bounce{*mail.bounce};
  }
  const bool like_a_report =
      mail.bounce || mail.marks.report || mail.marks.null_return_path || may_write_reports(mail);
  if (!complete && like_a_report) return Undecided{std::min<std::uint64_t>(size, limits::kBounceBytes)};
  return std::nullopt;
}

Decision judge_loop(const Mail& mail, const AccessRules& rules) {
  for (const LoopRule rule : all_loop_rules()) {
    if (auto reason = rule(mail, rules)) return Unanswerable{std::move(*reason)};
  }
  return std::nullopt;
}

// D6: the header block does not count, because relays make it grow.
Decision judge_size(const Mail& mail, std::uint64_t size, const AccessRules& rules) {
  const std::uint64_t body = size - std::min<std::uint64_t>(size, mail.header_size);
  if (body < rules.size_limit) return std::nullopt;
  return Illegal{Illegal::Reason::too_large, grouped(body) + " bytes"};
}

Decision judge_form(const Mail& mail) {
  std::string defects;
  for (const Defect defect : mail.defects) {
    if (!defects.empty()) defects += ", ";
    defects += words(defect);
  }
  if (defects.empty() && !mail.from) defects = words(Defect::no_from);
  if (defects.empty()) return std::nullopt;
  return Illegal{Illegal::Reason::malformed, defects};
}

// Y8: what can be no password is no guess, and costs no hash.
Decision judge_password(const Mail& mail, const AccessRules& rules) {
  if (!is_password_form(mail.subject)) {
    return Illegal{Illegal::Reason::not_a_password, mail.subject.empty() ? "no Subject" : ""};
  }
  if (rules.password_matches && rules.password_matches(mail.subject)) return std::nullopt;
  return Illegal{Illegal::Reason::wrong_password, {}};
}

}  // namespace

std::string_view words(Illegal::Reason reason) noexcept {
  switch (reason) {
    case Illegal::Reason::wrong_password:
      return "wrong password";
    case Illegal::Reason::not_a_password:
      return "the Subject is no password";
    case Illegal::Reason::too_large:
      return "too large";
    case Illegal::Reason::malformed:
      return "malformed";
  }
  return "illegal";
}

Verdict SubjectAuthenticator::judge(const Mail& mail, std::uint64_t size, bool complete,
                                    const AccessRules& rules) const {
  if (auto decision = judge_test(mail, rules)) return *decision;
  if (auto decision = judge_bounce(mail, size, complete, rules)) return *decision;
  if (auto decision = judge_loop(mail, rules)) return *decision;
  if (auto decision = judge_size(mail, size, rules)) return *decision;
  if (auto decision = judge_form(mail)) return *decision;
  if (auto decision = judge_password(mail, rules)) return *decision;
  if (!complete) return Undecided{size};
  return Accepted{mail.from->address};
}

}  // namespace remotemail
