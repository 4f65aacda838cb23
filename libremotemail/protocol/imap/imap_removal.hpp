// How mails leave an IMAP mailbox.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/imap/imap_dialogue.hpp"

namespace remotemail::imap {

// Removes exactly these mails, or moves them to `done_folder` (encoded; empty: removes). True: all of them
// are gone for sure; false: they are flagged \Deleted and still there, because an EXPUNGE would take foreign
// mails with them. On an error some may be gone.
Result<bool> remove_mails(Dialogue&, const std::vector<std::uint64_t>& ascending,
                          const std::string& done_folder, const Deadline&);

// How many mails a SEARCH finds; none when the server does not tell.
Result<std::optional<std::uint64_t>> count_hits(Dialogue&, std::string_view search, Step, const Deadline&);

}  // namespace remotemail::imap
