#include "restore.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "commands/commands.hpp"
#include "remotemail/core/random.hpp"
#include "remotemail/mail_store/sqlite_backup.hpp"
#include "remotemail/mail_store/sqlite_store.hpp"
#include "sealing_key_file.hpp"

namespace remotemaild {
namespace {

using namespace remotemail;

Error cannot(const std::string& path) {
  return make_error(errno == ENOSPC || errno == EDQUOT ? Cause::store_full : Cause::store_failed, Step::store,
                    path + ": " + std::strerror(errno));
}

Status copy(int from, const std::string& path) {
  ::unlink(path.c_str());
  const int to = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (to < 0) return cannot(path);
  std::array<char, 65536> piece;
  Status done;
  for (;;) {
    const ssize_t got = ::read(from, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) done = cannot("the backup");
    if (got <= 0) break;
    if (::write(to, piece.data(), static_cast<std::size_t>(got)) != got) {
      done = cannot(path);
      break;
    }
  }
  if (done && ::fsync(to) != 0) done = cannot(path);
  ::close(to);
  return done;
}

struct Found {
  std::size_t settings = 0, waiting = 0;
  std::string unreadable;  // keys of passwords, behind each other
};

// Opens it as the service will, which looks at every row and brings an older version up to date.
Result<Found> look_at(const std::string& path, const Secret& key, SystemRandom& random) {
  const Sealer sealer(Secret(key), random);
  auto store = open_sqlite_store({path, "", ""}, sealer);
  if (!store) return std::move(store).error();
  auto settings = (*store)->load_settings();
  if (!settings) return std::move(settings).error();
  auto waiting = (*store)->outbox();
  if (!waiting) return std::move(waiting).error();
  Found found{settings->size(), waiting->size(), {}};
  for (const auto& [name, setting] : *settings) {
    if (setting.unreadable) found.unreadable += (found.unreadable.empty() ? "" : ", ") + name;
  }
  return found;
}

}  // namespace

int run_restore(const Invocation& invocation, const std::string& directory, int backup, Output& output) {
  const std::string fresh = directory + "/restore.tmp", state = directory + "/state.db";
  if (::access(state.c_str(), F_OK) == 0 && !invocation.has("yes")) {
    return complain(output, make_error(Cause::confirmation_needed, Step::none,
                                       "the state of " + directory + " will be replaced"));
  }
  SystemRandom random;
  const char* credentials = std::getenv("CREDENTIALS_DIRECTORY");
  SealingKeyFile key_file(directory, credentials == nullptr ? "" : credentials, random);
  // First of all: it ends a restore that was cut off, whose restore.tmp is about to be replaced.
  auto present_key = key_file.key();
  if (!present_key) return complain(output, present_key.error());
  const auto give_up = [&](const Error& error) {
    const Status forgotten = key_file.end_restore();  // while restore.tmp is there
    if (!forgotten) return complain(output, forgotten.error());
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) ::unlink((fresh + suffix).c_str());
    return complain(output, error);
  };
  if (Status copied = copy(backup, fresh); !copied) return give_up(copied.error());
  auto kept_key = take_key_from_backup(fresh);
  if (!kept_key) {
    Error error = std::move(kept_key).error();
    error.detail = "this is no backup of remotemaild (" + error.detail + ")";
    return give_up(error);
  }
  const bool other_key = kept_key->has_value() && (*kept_key)->reveal() != present_key->reveal();
  const bool change_key = other_key && !key_file.is_credential();

  if (change_key && !SealingKeyFile::is_key(**kept_key)) {
    return give_up(
        make_error(Cause::store_damaged, Step::store, "this is no backup of remotemaild (its key)"));
  }
  auto found = look_at(fresh, change_key ? **kept_key : *present_key, random);
  if (!found) return give_up(found.error());
  if (Status sound = check_layout(fresh); !sound) return give_up(sound.error());
  if (change_key) {
    if (Status waits = key_file.announce(**kept_key); !waits) return give_up(waits.error());
  }
  if (Status replaced = replace_store(fresh, state); !replaced) return give_up(replaced.error());
  if (Status ended = key_file.end_restore(); !ended) return complain(output, ended.error());
  output.out(fmt::format("restored: {} settings, {} waiting {}\n", found->settings, found->waiting,
                         found->waiting == 1 ? "reply" : "replies"));
  if (other_key && !change_key) {
    output.err(
        "remotemaild: the sealing key comes from the credential mailkey, which is not the backup's key\n");
  }
  if (!found->unreadable.empty()) {
    output.err("remotemaild: cannot be unsealed, enter anew: " + found->unreadable + "\n");
  }
  output.err(
      "remotemaild: mails that were answered after the backup was made and still lie on the server are answered again; "
      "the\nreplaced state is kept as state.db.before-restore\n");
  return kDone;
}

}  // namespace remotemaild
