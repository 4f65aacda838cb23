// In which order the mails of a listing have their turn, and what that order must not change.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

namespace remotemail {

// Fresh mails come first, oldest first. Behind them come those that were tried and never done, each alone, the most tried
// last, so that one that brings the program down harms no other (R5). In the round after one that ended before all of them
// had their turn, they come first. Last of all come the suspects, at which the connection ended before (BrokenFetches).
// So a mail may have its turn before an older one, which may hold the CHPASS that makes its password right, or the
// password that its own CHPASS makes wrong (F20): it can be answered then, but it changes no password, and no password of
// it is wrong yet.
// Mails are named by their place in the listing; lower is older. Not for several threads.
class Turns {
 public:
  void add_fresh(std::uint32_t place);  // in rising order
  void add_tried(std::uint32_t place, unsigned tries);
  void add_suspect(std::uint32_t place, std::uint64_t last_break);
  std::size_t size() const { return fresh_.size() + to_come_.size(); }  // before the first turn

  // The fresh ones whose turn it is, at most so many; none: all have had theirs.
  std::span<const std::uint32_t> next_fresh(std::size_t most);
  std::optional<std::uint32_t> next_tried();
  std::optional<std::uint32_t> next_suspect();         // the one whose last break is the longest ago
  bool tried_wait() const { return !tried_.empty(); }  // some of the tried ones have not had their turn

  // Whether an older mail has not had its turn, or had none that counts.
  bool older_waits(std::size_t place) const;

  // A mail stays since an older one waits.
  void leave_behind(std::size_t place);
  bool any_behind() const { return first_behind_.has_value(); }
  // Whether the mail stays for the same reason, right or wrong: one was left behind already. (Of as many guesses as come,
  // none of which counts yet, no second one is listened to.)
  bool stays_behind(std::size_t place) const { return first_behind_ && older_waits(place); }
  // All have had their turn, and some were left behind: another round brings them on. It finds fewer that were tried or are
  // suspects: one that had its turn is neither any more.
  bool wants_another_round() const;

 private:
  std::vector<std::uint32_t> fresh_;
  std::size_t next_fresh_ = 0;
  std::multimap<unsigned, std::uint32_t> tried_;     // by tries
  std::map<std::uint64_t, std::uint32_t> suspects_;  // by their last break
  std::set<std::uint32_t> to_come_;                  // of both, by age
  std::optional<std::size_t> first_behind_;
};

}  // namespace remotemail
