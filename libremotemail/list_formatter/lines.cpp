#include "list_formatter/lines.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "list_formatter/texts.hpp"

namespace remotemail::layout {
namespace {

constexpr std::size_t kLineEnd = 2;

}  // namespace

std::vector<std::string> wrap(std::string_view text, std::size_t width, std::size_t most) {
  std::vector<std::string> pieces;
  width = std::max<std::size_t>(width, 1);
  while (text.size() > width) {
    if (pieces.size() + 1 == most) {
      pieces.push_back(clean_line(text, width));
      return pieces;
    }
    auto end = text.rfind(' ', width);
    if (end == std::string_view::npos || text.find_first_not_of(' ') >= end) end = width;
    pieces.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(text.find_first_not_of(' ', end), text.size()));
    if (text.empty()) return pieces;
  }
  pieces.emplace_back(text);
  return pieces;
}

std::string padded(std::string_view text, std::size_t width) {
  std::string out(text);
  if (out.size() < width) out.resize(width, ' ');
  return out;
}

std::vector<std::string> field(std::string_view name, std::string_view value, std::size_t columns,
                               std::size_t most) {
  value = trim(value);
  std::string line = std::string(name) + ": " + std::string(value);
  if (line.size() <= columns) return {line};
  std::vector<std::string> lines{std::string(name) + ":"};
  for (const std::string& piece : wrap(value, columns - 1, most)) lines.push_back(" " + piece);
  return lines;
}

void Lines::add(std::string_view line) {
  if (full_) return;
  line = line.substr(0, line.find_last_not_of(' ') + 1);
  if (line.size() + kLineEnd + texts::kCut.size() + kLineEnd > room_) {
    full_ = true;
    line = texts::kCut;
  }
  text_ += line;
  text_ += '\n';
  room_ -= std::min(room_, line.size() + kLineEnd);
}

void Lines::add_wrapped(std::string_view text, std::size_t columns) {
  for (const std::string& piece : wrap(text, columns)) add(piece);
}

std::string Lines::take() {
  return std::move(text_);
}

}  // namespace remotemail::layout
