#include "protocol/message/header_fields.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "remotemail/core/limits.hpp"

namespace remotemail {

LineText normalise_line_ends(std::string_view bytes) {
  LineText out;
  out.text.reserve(bytes.size());
  bool in_header = true;
  for (std::size_t i = 0; i < bytes.size();) {
    if (bytes[i] != '\r' && bytes[i] != '\n') {
      const std::size_t end = std::min(bytes.find_first_of("\r\n", i), bytes.size());
      out.text.append(bytes, i, end - i);
      i = end;
      continue;
    }
    const std::size_t begin = i;
    while (i < bytes.size() && bytes[i] == '\r') ++i;
    std::size_t ends = i - begin;
    if (i < bytes.size() && bytes[i] == '\n') {
      ++i;
      ends = 1;
    }
    for (std::size_t k = 1; k <= ends; ++k) {
      const bool empty_line = out.text.empty() || out.text.back() == '\n';
      out.text += '\n';
      if (in_header && empty_line) {
        in_header = false;
        out.header_octets = ends == 1 ? i : begin + k;
      }
    }
  }
  if (in_header) out.header_octets = bytes.size();
  return out;
}

const std::string_view* HeaderBlock::find(std::string_view name) const noexcept {
  const auto at = std::find_if(fields.begin(), fields.end(), [&](const HeaderField& field) {
    return equal_ignoring_case(field.name, name);
  });
  return at == fields.end() ? nullptr : &at->value;
}

std::string_view HeaderBlock::value_of(std::string_view name) const noexcept {
  const std::string_view* value = find(name);
  return value != nullptr ? *value : std::string_view{};
}

namespace {

// "Name:" or, in the obsolete form, "Name :"; npos when the line is no field.
std::size_t name_length(std::string_view line) noexcept {
  std::size_t i = 0;
  while (i < line.size() && line[i] > 0x20 && line[i] < 0x7F && line[i] != ':') ++i;
  std::size_t colon = i;
  while (colon < line.size() && is_blank(line[colon])) ++colon;
  return i > 0 && colon < line.size() && line[colon] == ':' ? i : std::string_view::npos;
}

// `charset="utf-8"` and the like, behind a Content- field that is not at its end.
bool is_lost_parameter(std::string_view line, const HeaderField& field) noexcept {
  std::size_t i = 0;
  while (i < line.size() && (is_alpha(line[i]) || is_digit(line[i]) || line[i] == '*' || line[i] == '-')) ++i;
  if (i == 0 || i == line.size() || line[i] != '=' || !starts_ignoring_case(field.name, "Content-"))
    return false;
  const std::size_t last = field.value.find_last_not_of(" \t\n");
  return last != std::string_view::npos && field.value[last] == ';';
}

HeaderBlock split(std::string_view text, bool of_part) {
  HeaderBlock block;
  std::string_view header = text;
  block.size = text.size();
  if (text.starts_with('\n')) {
    header = {};
    block.size = 1;
  } else if (const auto empty_line = text.find("\n\n"); empty_line != std::string_view::npos) {
    header = text.substr(0, empty_line + 1);
    block.size = empty_line + 2;
  }
  header = header.substr(0, limits::kHeaderBlock);

  bool skipping = true;  // continuation lines of something that is no field
  std::size_t field_begin = 0;
  for (std::size_t i = 0; i < header.size();) {
    const std::size_t end = std::min(header.find('\n', i), header.size());
    const std::string_view line = header.substr(i, end - i);
    const bool folded = !line.empty() && is_blank(line.front());
    if (folded || (!skipping && is_lost_parameter(line, block.fields.back()))) {
      if (of_part && block.fields.empty()) {
        block.size = i;
        break;
      }
      if (!skipping) {
        HeaderField& field = block.fields.back();
        const auto value_begin = static_cast<std::size_t>(field.value.data() - header.data());
        field.value = header.substr(value_begin, end - value_begin);
      }
    } else if (const std::size_t length = name_length(line); length != std::string_view::npos) {
      skipping = block.fields.size() == limits::kHeaderFields;
      block.too_many_fields = block.too_many_fields || skipping;
      field_begin = i;
      if (!skipping)
        block.fields.push_back({line.substr(0, length), line.substr(line.find(':', length) + 1)});
    } else if (of_part) {
      block.size = i;
      break;
    } else {
      skipping = true;
    }
    if (!skipping && end - field_begin > limits::kHeaderField) block.field_too_long = true;
    i = end + 1;
  }
  for (HeaderField& field : block.fields) field.value = field.value.substr(0, limits::kHeaderField);
  return block;
}

}  // namespace

HeaderBlock split_header(std::string_view text) {
  return split(text, false);
}

HeaderBlock split_part_header(std::string_view text) {
  return split(text, true);
}

std::string unfold(std::string_view raw) {
  std::string out;
  out.reserve(raw.size());
  for (const char c : raw) {
    if (c != '\n' && c != '\r') out += c;
  }
  return out;
}

std::size_t comment_end(std::string_view text, std::size_t begin) noexcept {
  std::size_t depth = 0;
  for (std::size_t i = begin; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '(') {
      ++depth;
    } else if (text[i] == ')' && --depth == 0) {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

std::size_t quoted_end(std::string_view text, std::size_t begin) noexcept {
  for (std::size_t i = begin + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

std::string unquote(std::string_view inside) {
  std::string out;
  out.reserve(inside.size());
  for (std::size_t i = 0; i < inside.size(); ++i) {
    if (inside[i] == '\\' && i + 1 < inside.size()) ++i;
    out += inside[i];
  }
  return out;
}

std::string without_comments(std::string_view raw) {
  const std::string text = unfold(raw);
  std::string out;
  out.reserve(text.size());
  bool comments = true,
       quotes = true;  // false once one was found that does not end: then none behind it is looked for
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = std::string::npos;
    if (text[i] == '(' && comments) {
      end = comment_end(text, i);
      comments = end != std::string::npos;
      if (comments) out += ' ';
    } else if (text[i] == '"' && quotes) {
      end = quoted_end(text, i);
      quotes = end != std::string::npos;
      if (quotes) out.append(text, i, end - i);
    }
    if (end == std::string::npos) {
      out += text[i];
      end = i + 1;
    }
    i = end;
  }
  return out;
}

}  // namespace remotemail
