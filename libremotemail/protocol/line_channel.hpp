// Lines over a Stream: bounded, with deadlines, for the three dialogues alike.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "remotemail/core/clock.hpp"
#include "remotemail/core/limits.hpp"
#include "remotemail/protocol/stream.hpp"

namespace remotemail {

// Owns the stream. Linear in what arrives; holds at most one line and 16 KiB.
class LineChannel {
 public:
  LineChannel(std::unique_ptr<Stream> stream, const Clock& clock)
      : stream_(std::move(stream)), clock_(clock) {}

  // One line without its end (CRLF or bare LF). answer_too_large beyond `limit` octets; connection_lost when
  // the peer closes, also inside a line.
  Result<std::string> read_line(const Deadline&, std::size_t limit = limits::kServerLine);
  // Exactly `count` octets, appended to `out` (IMAP literals). The caller has bounded `count`.
  Status read_exactly(std::size_t count, std::string& out, const Deadline&);
  // Reads and forgets `count` octets.
  Status skip(std::uint64_t count, const Deadline&);

  // One line through make_line() (Y7). The copy made for it is wiped, whatever happens (Y4).
  Status write_line(std::initializer_list<std::string_view> pieces, const Deadline&);
  // Bytes that were made line by line already (a dot-stuffed message).
  Status write_raw(std::string_view bytes, const Deadline&);

  // TLS. protocol_violation when the peer has sent anything behind its go-ahead (response injection).
  Status start_tls(const TlsPolicy&, const Deadline&);

  Stream& stream() { return *stream_; }
  SessionInfo info() const { return {stream_->peer(), stream_->tls()}; }
  const Clock& clock() const { return clock_; }

 private:
  Status fill(const Deadline&);  // reads once more into the buffer
  std::unique_ptr<Stream> stream_;
  const Clock& clock_;
  std::string buffer_;
  std::size_t begin_ = 0;  // what of buffer_ is used up
};

}  // namespace remotemail
