// A text as the source of an IMAP decoder.
#pragma once

#include <string>
#include <string_view>

#include "protocol/imap/imap_decoder.hpp"

namespace remotemail::test {

class TextSource final : public imap::WireSource {
 public:
  explicit TextSource(std::string_view text) : text_(text) {}

  Result<std::string> line(std::size_t limit) override {
    const auto end = text_.find('\n', pos_);
    const std::size_t length = (end == std::string_view::npos ? text_.size() : end) - pos_;
    std::string_view line = text_.substr(pos_, length);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.size() > limit) return make_error(Cause::answer_too_large, Step::none, "line");
    if (end == std::string_view::npos) return make_error(Cause::connection_lost, Step::none);
    pos_ = end + 1;
    return std::string(line);
  }

  Status octets(std::size_t size, std::string& out) override {
    if (size > left()) return make_error(Cause::connection_lost, Step::none);
    out += text_.substr(pos_, size);
    pos_ += size;
    return {};
  }

  std::size_t left() const { return text_.size() - pos_; }

 private:
  std::string_view text_;
  std::size_t pos_ = 0;
};

}  // namespace remotemail::test
