// The database's layout and its versions.
#pragma once

#include "mail_store/sqlite/connection.hpp"
#include "remotemail/core/result.hpp"

namespace remotemail::sqlite {

inline constexpr int kSchemaVersion = 2;

// Brings an open database to kSchemaVersion, one durable step a version. store_too_new: made by a later
// version, not one byte was written. store_damaged: not ours, or not sound; each row's checksum is looked at,
// too.
Status prepare_schema(Connection& connection);

// Whether it was made by prepare_schema(), of whatever version.
bool is_our_database(Connection& connection);

}  // namespace remotemail::sqlite
