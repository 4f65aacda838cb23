// The store on SQLite (CMake option REMOTEMAIL_SQLITE, target remotemail::sqlite).
#pragma once

#include <memory>
#include <string>

#include "remotemail/core/sealer.hpp"
#include "remotemail/mail_store/store.hpp"

namespace remotemail {

struct SqliteOptions {
  std::string path;         // the database file; its folder exists and is ours. Made with mode 0600
  std::string vfs;          // SQLite VFS name; empty: the system's. Tests cut the power beneath it
  std::string copier = "";  // which copier of a shared database; "" where there is one
};

// Opens, creates or migrates. WAL, synchronous=FULL, exclusive locking, secure_delete; every row carries a checksum,
// and opening checks them all. Fails with store_damaged (nothing is touched), store_too_new (made by a later version:
// nothing is touched), store_full, store_failed, already_running (another process has it). `sealer` must outlive the
// store. Costs: one sync of one file a writing call, one more for the first behind a checkpoint, two more when a secret
// is wiped; about 1 MiB of RAM at most, beside the mail in hand.
Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions&, const Sealer& sealer);

}  // namespace remotemail
