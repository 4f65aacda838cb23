#include "machine.hpp"

#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <utility>

#include "core/text.hpp"
#include "remotemail/device_adapter/simulated_copier.hpp"
#include "remotemail/mail_store/guarded_store.hpp"
#include "remotemail/mail_store/sqlite_backup.hpp"
#include "remotemail/mail_store/sqlite_store.hpp"
#include "remotemail/protocol/poco_connector.hpp"

namespace remotemaild {
namespace {

using namespace remotemail;

// The simulated copier remembers its panel in the store.
class StoredPanelMemory final : public PanelMemory {
 public:
  explicit StoredPanelMemory(Store& store) : store_(store) {}
  Result<std::vector<std::string>> load() override { return store_.device_records(); }
  Status append(const std::string& record) override { return store_.append_device_record(record); }

 private:
  Store& store_;
};

// RFC 5321 4.1.4: our fully qualified name, else an address literal, which every server takes.
std::string client_name() {
  char name[256] = {};
  if (::gethostname(name, sizeof name - 1) != 0) return {};
  for (const char* c = name; *c != '\0'; ++c) {
    if (!is_digit(*c) && !is_alpha(*c) && *c != '-' && *c != '.') return {};
  }
  const std::string text(name);
  return text.find('.') == std::string::npos ? std::string() : text;
}

}  // namespace

struct Machine::Parts {
  explicit Parts(Logger& logger) : logger(logger) {}
  Logger& logger;
  SystemClock clock;
  SystemRandom random;
  std::optional<SealingKeyFile> key_file;
  std::optional<Sealer> sealer;
  std::optional<GuardedStore> guarded;
  std::optional<StoredPanelMemory> panel_memory;
  std::unique_ptr<SimulatedCopier> copier;
  std::unique_ptr<Connector> connector;
  std::unique_ptr<MailServers> servers;
  ManualCommandParser parser;
  SubjectAuthenticator authenticator;
  PlainTextFormatter formatter;
  std::unique_ptr<Agent> agent;
};

Machine::Machine(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Machine::~Machine() = default;
Agent& Machine::agent() {
  return *parts_->agent;
}
OperationPanel& Machine::panel() {
  return *parts_->copier;
}

WebPorts Machine::web_ports(const CeDeskAccount* desk) {
  return {*parts_->agent,
          parts_->clock,
          parts_->random,
          parts_->logger,
          parts_->copier.get(),
          parts_->servers.get(),
          desk,
          parts_->key_file ? &*parts_->key_file : nullptr};
}

Status Machine::back_up(const std::string& path, bool with_key) {
  if (Status copied = parts_->guarded->back_up(path); !copied || !with_key) return copied;
  auto key = parts_->key_file->key();
  return key ? put_key_into_backup(path, *key) : Status(key.error());
}

Result<std::unique_ptr<Machine>> Machine::open(const std::string& directory,
                                               const Configuration& configuration, Logger& logger) {
  auto parts = std::make_unique<Parts>(logger);
  const char* credentials = std::getenv("CREDENTIALS_DIRECTORY");
  const std::string database = directory + "/state.db";
  // Both are made at the first start; one without the other was taken away.
  if (::access((directory + "/key").c_str(), F_OK) == 0 && ::access(database.c_str(), F_OK) != 0) {
    logger.log(LogLevel::warning,
               database +
                   " is gone: all settings are at their defaults, and mails that are still "
                   "on the server may be answered again; restore a backup");
  }
  parts->key_file.emplace(directory, credentials == nullptr ? "" : credentials, parts->random);
  auto key = parts->key_file->key();
  if (!key) return std::move(key).error();
  parts->sealer.emplace(std::move(*key), parts->random);

  const auto open_store = [path = database, &sealer = *parts->sealer] {
    return open_sqlite_store({path, "", ""}, sealer);
  };
  auto store = open_store();
  if (!store) return std::move(store).error();
  parts->guarded.emplace(std::move(*store), open_store, parts->clock);

  parts->panel_memory.emplace(*parts->guarded);
  auto copier = SimulatedCopier::open({configuration.device_seed, configuration.device_birth},
                                      *parts->panel_memory, parts->clock);
  if (!copier) return std::move(copier).error();
  parts->copier = std::move(*copier);

  parts->connector = make_poco_connector(parts->clock);
  parts->servers = make_mail_servers(*parts->connector, parts->clock, parts->random);
  AgentOptions options;
  options.client_name = client_name();
  auto agent = Agent::open(
      {*parts->servers, *parts->guarded, *parts->guarded, *parts->copier, parts->parser, parts->authenticator,
       parts->formatter, *parts->sealer, parts->clock, parts->random, logger},
      options);
  if (!agent) return std::move(agent).error();
  parts->agent = std::move(*agent);
  return std::unique_ptr<Machine>(new Machine(std::move(parts)));
}

}  // namespace remotemaild
