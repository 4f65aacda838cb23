// The words of the pages, in parts: who makes pages keeps theirs in a file of their own; texts.cpp joins them.
#pragma once

#include <span>
#include <string_view>

namespace remotemail::web {

struct TextEntry {
  std::string_view key, text;
};

std::span<const TextEntry> page_texts();  // texts_pages.cpp

}  // namespace remotemail::web
