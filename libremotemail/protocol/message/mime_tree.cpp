#include "protocol/message/mime_tree.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "protocol/message/transfer_encoding.hpp"
#include "remotemail/core/limits.hpp"

namespace remotemail {
namespace {

struct Entity {
  MimeLeaf part;
  std::size_t depth = 0;  // containers around it
};

Entity read_entity(const HeaderBlock& header, std::string_view body, std::string_view fallback) {
  Entity entity;
  entity.part.type = parse_content_type(header.value_of("Content-Type"), fallback);
  entity.part.encoding = lower(trim(without_comments(header.value_of("Content-Transfer-Encoding"))));
  entity.part.attachment = parse_parameterized(header.value_of("Content-Disposition")).is("attachment");
  entity.part.body = body;
  entity.part.message_id = header.value_of("Message-ID");
  return entity;
}

enum class Delimiter { none, opening, closing };

Delimiter delimiter_of(std::string_view line, std::string_view boundary) noexcept {
  if (!line.starts_with("--")) return Delimiter::none;
  line.remove_prefix(2);
  if (!line.starts_with(boundary)) return Delimiter::none;
  line.remove_prefix(boundary.size());
  const bool closing = line.starts_with("--");
  if (closing) line.remove_prefix(2);
  if (!trim(line).empty()) return Delimiter::none;
  return closing ? Delimiter::closing : Delimiter::opening;
}

std::string_view trim_lines(std::string_view text) noexcept {
  return text.substr(std::min(text.find_first_not_of(" \t\n"), text.size()));
}

// The texts between the delimiters, at most `limit`. The line end before a delimiter belongs to it.
std::vector<std::string_view> split_parts(std::string_view body, std::string_view boundary,
                                          std::size_t limit) {
  std::vector<std::string_view> parts;
  std::size_t begin = std::string_view::npos;
  for (std::size_t i = 0; i < body.size() && parts.size() < limit;) {
    const std::size_t end = std::min(body.find('\n', i), body.size());
    const Delimiter delimiter = delimiter_of(body.substr(i, end - i), boundary);
    if (delimiter != Delimiter::none) {
      if (begin != std::string_view::npos) parts.push_back(body.substr(begin, i > begin ? i - 1 - begin : 0));
      begin = delimiter == Delimiter::opening ? std::min(end + 1, body.size()) : std::string_view::npos;
      if (delimiter == Delimiter::closing) return parts;
    }
    i = end + 1;
  }
  // What stands open with nothing behind it was meant as the end.
  if (begin != std::string_view::npos && parts.size() < limit &&
      (parts.empty() || !trim_lines(body.substr(begin)).empty())) {
    parts.push_back(body.substr(begin));
  }
  return parts;
}

void add(std::vector<Defect>& defects, Defect defect) {
  if (std::find(defects.begin(), defects.end(), defect) == defects.end()) defects.push_back(defect);
}

}  // namespace

std::string MimeLeaf::decoded() const {
  return decode_transfer_encoding(body, encoding);
}

MimeTree read_mime(const HeaderBlock& header, std::string_view body) {
  MimeTree tree;
  std::vector<Entity> waiting;  // a stack: the next in the order of the text is on top
  waiting.push_back(read_entity(header, body, "text/plain"));
  tree.type = waiting.back().part.type;
  std::size_t parts = 0;
  while (!waiting.empty()) {
    Entity entity = std::move(waiting.back());
    waiting.pop_back();
    if (!entity.part.type.is_multipart()) {
      tree.leaves.push_back(std::move(entity.part));
      continue;
    }
    const std::string_view boundary = trim(entity.part.type.parameter("boundary"));
    if (boundary.size() > limits::kMimeBoundary) {
      add(tree.defects, Defect::boundary_too_long);
      continue;
    }
    const std::size_t room = limits::kMimeParts - parts;
    auto inside = boundary.empty() ? std::vector<std::string_view>()
                                   : split_parts(entity.part.body, boundary, room + 1);
    if (inside.empty()) {
      entity.part.type = parse_content_type({});
      tree.leaves.push_back(std::move(entity.part));
      continue;
    }
    if (inside.size() > room) {
      add(tree.defects, Defect::too_many_parts);
      inside.resize(room);
    }
    if (entity.depth == limits::kMimeDepth) {
      add(tree.defects, Defect::mime_too_deep);
      continue;
    }
    parts += inside.size();
    const std::string_view fallback =
        entity.part.type.is("multipart/digest") ? "message/rfc822" : "text/plain";
    for (auto part = inside.rbegin(); part != inside.rend(); ++part) {
      const HeaderBlock part_header = split_part_header(*part);
      Entity child = read_entity(part_header, part->substr(part_header.size), fallback);
      child.depth = entity.depth + 1;
      child.part.attachment = child.part.attachment || entity.part.attachment;
      waiting.push_back(std::move(child));
    }
  }
  return tree;
}

}  // namespace remotemail
