#include "protocol/message/header_writer.hpp"

#include <utility>

#include "remotemail/core/line_writer.hpp"

namespace remotemail {

void HeaderWriter::field(std::string_view name, const std::vector<std::string>& tokens) {
  std::string line = std::string(name) + ':';
  const std::size_t empty = line.size();
  for (const std::string& token : tokens) {
    if (line.size() > empty && line.size() + 1 + token.size() > kMailLine) {
      write(line, name);
      line.clear();
    }
    line += ' ';
    line += token;
  }
  write(line, name);
}

void HeaderWriter::field(std::string_view name, std::string value) {
  field(name, std::vector<std::string>{std::move(value)});
}

void HeaderWriter::write(std::string_view line, std::string_view name) {
  auto made = make_line({line}, kLongestMailLine);
  if (made.ok()) {
    out_ += *made;
  } else if (!error_) {
    error_ = make_error(made.error().cause, Step::none, std::string(name), Retry::never);
  }
}

Result<std::string> HeaderWriter::take() {
  if (error_) return *std::move(error_);
  return std::move(out_);
}

}  // namespace remotemail
