// Mails at which the connection ended while they were fetched. Of some mails servers know only to break off (a damaged
// file, a size that is no longer true): such a one must not keep the others from being answered.
#pragma once

#include <cstdint>
#include <map>

#include "remotemail/core/clock.hpp"
#include "remotemail/core/mail.hpp"

namespace remotemail {

class BrokenFetches {
 public:
  bool empty() const { return mails_.empty(); }
  // How often in a row the connection ended at this mail; above 0 it is a suspect, and comes behind the others (Turns).
  unsigned count(const MailKey& key) const;
  // Grows from break to break, over all mails. 0: there was none at this one.
  std::uint64_t last_break(const MailKey& key) const;
  // It ended once more. `others_judged`: in the same connection others were had and judged before, so it is likely to be
  // the mail; else it may be the line, and only the first time counts. True: from now on the mail rests, see below.
  bool add(const MailKey& key, bool others_judged, SteadyTime now);
  // All that is needed of it was had, or the server said that it does not give it.
  void came_through(const MailKey& key) { mails_.erase(key); }
  // Whether it is left alone for limits::kBrokenFetchRests, since the connection ended at it
  // limits::kBrokenFetchesBeforeRest times and each poll would end there.
  bool rests(const MailKey& key, SteadyTime now) const;
  // Whether mails behind it are judged as if it might still come, and be the CHPASS that makes their password right
  // (F20): for limits::kBrokenFetchAwaited.
  bool awaited(const MailKey& key, SteadyTime now) const;
  bool any_rests_awaited(SteadyTime now) const;
  // Forgets what is listed no more.
  void keep_listed(const ListedMails& listed);

 private:
  struct Entry {
    unsigned count = 0;
    std::uint64_t last_break = 0;
    SteadyTime first{}, last{};

    bool rests(SteadyTime now) const;
    bool awaited(SteadyTime now) const;
  };
  std::map<MailKey, Entry> mails_;
  std::uint64_t breaks_ = 0;
};

}  // namespace remotemail
