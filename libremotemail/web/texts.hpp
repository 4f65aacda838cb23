// The words of the pages, in parts: who makes pages keeps theirs in a file of their own; texts.cpp joins them.
#pragma once

#include <span>
#include <string_view>

namespace remotemail::web {

struct TextEntry {
  std::string_view key, text;
};

std::span<const TextEntry> page_texts();     // texts_pages.cpp
std::span<const TextEntry> panel_texts();    // texts_panel.cpp
std::span<const TextEntry> ce_desk_texts();  // texts_ce_desk.cpp

}  // namespace remotemail::web
