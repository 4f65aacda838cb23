#include "protocol/line_channel.hpp"

#include <algorithm>
#include <array>

#include "remotemail/core/line_writer.hpp"
#include "remotemail/core/secret.hpp"

namespace remotemail {

Status LineChannel::fill(const Deadline& deadline) {
  // Into an array of its own: a read that fails must leave no garbage in the live buffer.
  std::array<char, 16 * 1024> piece;  // NOLINT: filled by read()
  auto count = stream_->read(piece, deadline);
  if (!count) return std::move(count).error();
  if (*count == 0) return make_error(Cause::connection_lost, Step::none, "closed by the server");
  if (begin_ > 0) {
    buffer_.erase(0, begin_);
    begin_ = 0;
  }
  buffer_.append(piece.data(), *count);
  return {};
}

Result<std::string> LineChannel::read_line(const Deadline& deadline, std::size_t limit) {
  std::size_t searched = 0;  // octets behind begin_ known to hold no LF: keeps drip-fed lines linear
  for (;;) {
    const auto end = buffer_.find('\n', begin_ + searched);
    const std::size_t length = (end == std::string::npos ? buffer_.size() : end) - begin_;
    // A CR that may be half of the line's end is not counted.
    const bool with_cr = length > 0 && buffer_[begin_ + length - 1] == '\r';
    if (length > limit + (with_cr ? 1 : 0))
      return make_error(Cause::answer_too_large, Step::none,
                        "a line of over " + std::to_string(limit) + " octets");
    if (end != std::string::npos) {
      std::string line = buffer_.substr(begin_, length - (with_cr ? 1 : 0));
      begin_ = end + 1;
      return line;
    }
    searched = length;
    if (Status filled = fill(deadline); !filled) return std::move(filled).error();
  }
}

Status LineChannel::read_exactly(std::size_t count, std::string& out, const Deadline& deadline) {
  while (count > 0) {
    if (begin_ == buffer_.size()) {
      if (Status filled = fill(deadline); !filled) return filled;
    }
    const std::size_t taken = std::min(count, buffer_.size() - begin_);
    out.append(buffer_, begin_, taken);
    begin_ += taken;
    count -= taken;
  }
  return {};
}

Status LineChannel::skip(std::uint64_t count, const Deadline& deadline) {
  while (count > 0) {
    if (begin_ == buffer_.size()) {
      if (Status filled = fill(deadline); !filled) return filled;
    }
    const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(count, buffer_.size() - begin_));
    begin_ += taken;
    count -= taken;
  }
  return {};
}

Status LineChannel::write_line(std::initializer_list<std::string_view> pieces, const Deadline& deadline) {
  auto line = make_line(pieces, limits::kServerLine);
  if (!line) return std::move(line).error();
  Status written = stream_->write(*line, deadline);
  wipe(*line);  // it may be one with a password; the others cost nothing
  return written;
}

Status LineChannel::write_raw(std::string_view bytes, const Deadline& deadline) {
  return stream_->write(bytes, deadline);
}

Status LineChannel::start_tls(const TlsPolicy& policy, const Deadline& deadline) {
  if (begin_ != buffer_.size()) {
    return make_error(Cause::protocol_violation, Step::tls, "text behind the go-ahead for TLS");
  }
  return stream_->start_tls(policy, deadline);
}

}  // namespace remotemail
