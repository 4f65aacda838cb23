// The database as a file among files: its mode, and that it is there after a cut of power.
#pragma once

#include <string>

#include "remotemail/core/result.hpp"

namespace remotemail::sqlite {

enum class IfThere { use, refuse };

// Makes the file with mode 0600 before SQLite sees it: its journal files take the database's mode. An existing one is
// not opened here, as closing it would drop the locks of another connection of this process; its mode is mended.
Status make_file(const std::string& path, IfThere);

// The folder's entries are on disk when it returns.
Status sync_folder_of(const std::string& path);

}  // namespace remotemail::sqlite
