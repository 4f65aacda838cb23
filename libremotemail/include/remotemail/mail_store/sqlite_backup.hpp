// A backup is a database file as Store::back_up() writes it; it may carry the sealing key along.
#pragma once

#include <optional>
#include <string>

#include "remotemail/core/result.hpp"
#include "remotemail/core/secret.hpp"

namespace remotemail {

// Puts the sealing key into the backup at `path`: whoever has such a file has the mailbox passwords.
Status put_key_into_backup(const std::string& path, const Secret& key);

// Takes the key out of it, so that the file is a store like any other; none: there was none in it. store_damaged: the
// file is no backup of ours.
Result<std::optional<Secret>> take_key_from_backup(const std::string& path);

// Whether a store, brought up to date by opening it, has the tables and constraints that this program makes, and
// nothing besides: what somebody else made could not be trusted to keep anything. store_damaged: not so.
Status check_layout(const std::string& path);

// Puts the file `fresh`, a sound store that nobody has open, durably in the place of the one at `path`, whose files are
// kept as `path` + ".before-restore"; an older one kept so is replaced. Nobody may have either open.
Status replace_store(const std::string& fresh, const std::string& path);

}  // namespace remotemail
