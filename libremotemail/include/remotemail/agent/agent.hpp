// The agent wires the line from mailbox to reply: polls, decides, commits, removes, sends. One per copier.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "remotemail/agent/agent_status.hpp"
#include "remotemail/authenticator/authenticator.hpp"
#include "remotemail/command_parser/command_parser.hpp"
#include "remotemail/core/clock.hpp"
#include "remotemail/core/logger.hpp"
#include "remotemail/core/random.hpp"
#include "remotemail/core/sealer.hpp"
#include "remotemail/device_adapter/device_adapter.hpp"
#include "remotemail/list_formatter/list_formatter.hpp"
#include "remotemail/mail_store/mail_store.hpp"
#include "remotemail/mail_store/settings_store.hpp"
#include "remotemail/protocol/mail_servers.hpp"
#include "remotemail/settings/settings.hpp"

namespace remotemail {

// Everything the agent touches the world with. All references must outlive it.
struct AgentPorts {
  MailServers& servers;
  MailStore& mails;  // with `settings`: one store, wrapped in a GuardedStore where more than one thread asks
  SettingsStore& settings;
  DeviceAdapter& device;
  const CommandParser& parser;
  const Authenticator& authenticator;
  const ListFormatter& formatter;
  const Sealer& sealer;  // for keyed digests (R3, R4)
  const Clock& clock;
  Random& random;
  Logger& logger;
};

struct AgentOptions {
  std::string client_name;  // what EHLO says; empty: an address literal of loopback
  HashCost hash_cost;
  // Called, from any thread, when apply() or request() has given the worker something to do: for loops that do not
  // block in wait(). Must return at once and call nothing of the agent.
  std::function<void()> on_wake;
};

// Two faces. The worker's, one thread at a time: next_due(), step(), wait(), perform(). Everybody's, any thread: all the
// others; they never wait for network or device, at most for one commit (wait_for(), as its name says, for the worker).
class Agent {
 public:
  // Reads the settings. Fails as SettingsStore::load_settings() does.
  static Result<std::unique_ptr<Agent>> open(const AgentPorts&, AgentOptions = {});
  ~Agent();

  // --- the worker's face ---
  // When step() has something to do; SteadyTime::max(): not before a wake-up.
  SteadyTime next_due() const;
  // Does the next due thing to its end. Returns at once when nothing is due; after a stop within 100 ms, plus a commit or
  // a device call under way, plus limits::kStopPatience when the answer to a final dot is being waited for.
  void step(const Deadline&);
  // Blocks until next_due(), a wake-up (apply, request) or a stop: what a worker's loop does between two steps.
  void wait(std::stop_token);
  // Does one job here and now; for programs without a worker's loop. Exceptions (out of memory, bugs) pass through,
  // while step() logs them and goes on.
  // `on_progress` is called, in this thread, at each step and finding.
  JobProgress perform(const JobRequest&, const Deadline&,
                      const std::function<void(const JobProgress&)>& on_progress = {});

  // --- everybody's face ---
  AgentStatus status() const;
  std::shared_ptr<const MachineGlance> glance() const;  // null: nobody asked the machine yet
  std::shared_ptr<const Settings> settings() const;
  StoredSettings stored_settings() const;
  // Checks all, saves, publishes, wakes the worker (B17, A18). `seen`: as SettingsStore::save_settings(). Whoever lets
  // a user enable the function asks first with a count_mailbox job (A22).
  ApplyReport apply(const SettingTexts&, const std::map<std::string, std::uint64_t>& seen = {});
  std::uint64_t request(const JobRequest&);                     // queues a job; its id, 0: too many wait already
  std::optional<JobProgress> progress(std::uint64_t id) const;  // none: unknown, or done long ago (the latest 16 are kept)
  // As progress(), but blocks until the job is done, has more than `seen` steps and findings together, or a stop.
  std::optional<JobProgress> wait_for(std::uint64_t id, std::stop_token, std::size_t seen = SIZE_MAX) const;
  Result<std::vector<LogRecord>> log(std::size_t limit) const;
  Result<std::vector<OutboxEntry>> outbox() const;
  // A mail that waits, with its message; without it when the message cannot be unsealed. not_found: none has that id.
  Result<OutboxEntry> waiting_mail(const std::string& id) const;

 private:
  struct Impl;
  explicit Agent(std::unique_ptr<Impl>);
  std::unique_ptr<Impl> impl_;
};

}  // namespace remotemail
