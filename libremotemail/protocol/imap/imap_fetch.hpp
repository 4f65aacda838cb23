// Listing and fetching over a selected mailbox.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "protocol/imap/imap_dialogue.hpp"
#include "remotemail/protocol/mailbox.hpp"

namespace remotemail::imap {

struct ListedRow {
  std::uint64_t uid = 0;
  std::uint64_t size = 0;
};

struct ListedRows {
  std::vector<ListedRow> rows;  // ascending UIDs; at most limits::kListedMails
  std::uint64_t total = 0;
  bool complete = false;
};

// The oldest limits::kListedMails mails of the selected mailbox.
Result<ListedRows> list_rows(Dialogue&, const Deadline&);

// SHA-256 of each mail's header, at most limits::kHeaderBlock octets of it; empty for one that is gone. One
// header is held at a time.
Result<std::vector<std::string>> digest_headers(Dialogue&, const std::vector<ListedRow>&, const Deadline&);

struct FetchItem {
  std::uint64_t uid = 0;
  const FetchRequest* request = nullptr;
};

// Hands the mails to the sink in the order of `items`, each as soon as that order allows: what has arrived
// before the line breaks is handed over. A mail that the server refuses when asked for alone is left out.
// Neighbours that want the same are asked for in one command, as long as their limits together keep within
// limits::kFetchedBytesAtOnce. \Seen is neither set nor looked at.
Status fetch_mails(Dialogue&, std::span<const FetchItem> items, const FetchSink&, const Deadline&);

}  // namespace remotemail::imap
