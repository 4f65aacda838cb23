#include "documents/synopsis.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace remotemaild {
namespace {

bool is_value(std::string_view word) {
  return !word.empty() && word.front() >= 'A' && word.front() <= 'Z' &&
         std::all_of(word.begin(), word.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || c == '=' || c == '-' || (c >= '0' && c <= '9');
         });
}

bool is_literal(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || c == '-' || (c >= '0' && c <= '9');
  });
}

std::optional<SynopsisWord> word_of(std::string_view text) {
  if (is_value(text)) return SynopsisWord{{text}, true, false};
  SynopsisWord word;
  for (const std::string_view choice : remotemail::split(text, '|')) {
    if (!is_literal(choice)) return std::nullopt;
    word.choices.push_back(choice);
  }
  return word;
}

}  // namespace

std::optional<Synopsis> parse_synopsis(std::string_view text) {
  Synopsis synopsis;
  if (text.empty()) return synopsis;
  if (text.front() == '[' && text.back() == ']') {
    synopsis.optional = true;
    text = text.substr(1, text.size() - 2);
  }
  synopsis.alternatives.emplace_back();
  for (const std::string_view part : remotemail::split(text, ' ')) {
    std::vector<SynopsisWord>& words = synopsis.alternatives.back();
    if (part == "|" || part == "...") {
      if (words.empty() || words.back().repeats) {
        if (words.empty() || part == "...") return std::nullopt;
      }
      if (part == "|")
        synopsis.alternatives.emplace_back();
      else
        words.back().repeats = true;
      continue;
    }
    if (!words.empty() && words.back().repeats) return std::nullopt;
    auto word = word_of(part);
    if (!word) return std::nullopt;
    words.push_back(std::move(*word));
  }
  if (synopsis.alternatives.back().empty()) return std::nullopt;
  return synopsis;
}

}  // namespace remotemaild
