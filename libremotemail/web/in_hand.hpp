// What a session has in hand between two of its pages: an enabling that waits for its question (A22), what the last Apply
// did, and which jobs the pages began.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "remotemail/agent/agent_status.hpp"
#include "remotemail/core/clock.hpp"
#include "remotemail/settings/settings.hpp"

namespace remotemail::web {

using SeenGenerations =
    std::map<std::string, std::uint64_t>;  // of settings, as a form was made from them (B16)

// A form that was sent and waits until the mailbox was counted. It holds passwords, so it never travels through a page.
struct Enabling {
  std::uint64_t job = 0;  // count_mailbox
  SettingTexts texts;
  SeenGenerations seen;
};

// Any thread. What a session leaves behind is forgotten after its idle time, when the next one asks.
class InHand {
 public:
  explicit InHand(const Clock& clock) : clock_(clock) {}

  void keep(const std::string& session, Enabling enabling);
  std::optional<Enabling> enabling(const std::string& session);
  void drop_enabling(const std::string& session);

  // For the next look at the page: told once.
  void tell(const std::string& session, std::string_view page, ApplyReport report);
  std::optional<ApplyReport> told(const std::string& session, std::string_view page);

  // Jobs by the page that began them, so that no address shows another page's job.
  void note_job(std::string_view page, std::uint64_t id);
  bool began(std::string_view page, std::uint64_t id);
  std::uint64_t latest_job(std::string_view page);  // 0: none

 private:
  struct Entry {
    SteadyTime at;
    std::optional<Enabling> enabling;
    std::string told_on;
    std::optional<ApplyReport> told;
  };
  struct Job {
    std::string page;
    std::uint64_t id = 0;
  };
  Entry& entry(const std::string& session);  // mutex_ is held
  void forget_old();

  const Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Entry> entries_;
  std::deque<Job> jobs_;
};

}  // namespace remotemail::web
