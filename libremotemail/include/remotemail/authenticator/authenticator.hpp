// Rules D3–D13 and R10: may this mail be executed, and who is answered.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>

#include "remotemail/core/mail.hpp"

namespace remotemail {

struct Accepted { std::string reply_to; };  // the one From address (D)
struct Illegal {                            // D6, D7, D12: logged, removed, never answered; H2 may tell of it
  enum class Reason { wrong_password, not_a_password, too_large, malformed } reason;
  std::string detail;                       // "12,345 bytes", "several Subject fields", or empty; never the Subject
};
struct Unanswerable { std::string reason; };  // R10: removed, logged, no notice: "automatic mail (Auto-Submitted: auto-replied)"
struct OwnTest { std::string token; };        // C3
struct Bounce { BounceReport report; };       // R10; names at least one mail of ours
// Only a header was given and it decides nothing: fetch the first `bytes` octets and ask again with `complete`.
struct Undecided { std::uint64_t bytes = 0; };

std::string_view words(Illegal::Reason) noexcept;  // "wrong password"; never empty

using Verdict = std::variant<Accepted, Illegal, Unanswerable, OwnTest, Bounce, Undecided>;

// What a mail is judged by; all of it from one settings snapshot.
struct AccessRules {
  std::uint64_t size_limit = 10'240;                         // D6: body octets, header not counted
  std::string own_address;                                   // R10
  std::string test_token;                                    // C3; empty: no test is running
  std::function<bool(std::string_view)> password_matches;    // called only with a Subject that has a password's form
  std::function<bool(const std::string& id)> is_ours;        // true for the Message-ID of a mail we sent
};

class Authenticator {
 public:
  virtual ~Authenticator() = default;
  // In the order of D13, the first that fits decides (what is "known as done" is the agent's, who does not ask here).
  // `complete`: more of the mail will not be had (it is whole, or as long as an Undecided asked for); else what the
  // header decides is decided and the rest is Undecided. `size` as the server says. Pure, so any thread as far as the
  // functions in `rules` allow; `password_matches` is called last, at most once, and only when nothing else decides:
  // an agent whose guess budget is spent (Y8) can notice that there.
  virtual Verdict judge(const Mail& mail, std::uint64_t size, bool complete, const AccessRules& rules) const = 0;
};

class SubjectAuthenticator final : public Authenticator {
 public:
  Verdict judge(const Mail&, std::uint64_t size, bool complete, const AccessRules&) const override;
};

}  // namespace remotemail
