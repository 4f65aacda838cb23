// A connected descriptor as a stream of octets that never waits: plain, or with a TLS session on top.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace remotemail {

// How far a call came.
enum class Progress {
  done,        // `count` octets (reading, writing), or the handshake is complete
  want_read,   // again when the descriptor is readable
  want_write,  // again when it is writable
  closed,      // reading: the peer closed in order
  cut,         // the connection is lost
  failed,      // TLS is broken; the connection is of no further use
};

struct Moved {
  Progress progress = Progress::cut;
  std::size_t count = 0;
  std::string why = {};  // cut, failed: in words
};

Moved receive_plain(int descriptor, std::span<char> out);
Moved send_plain(int descriptor, std::string_view bytes);  // without SIGPIPE

}  // namespace remotemail
