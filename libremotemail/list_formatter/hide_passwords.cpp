#include <algorithm>

#include "core/text.hpp"
#include "list_formatter/texts.hpp"
#include "remotemail/core/commands.hpp"
#include "remotemail/list_formatter/list_formatter.hpp"

namespace remotemail {

std::string hide_passwords(std::string_view line) {
  constexpr const CommandWord& kChpass = kCommandWords[static_cast<std::size_t>(CommandId::chpass)];
  std::string text = transliterate(line);
  const auto begin = std::min(text.find_first_not_of("> "), text.size());
  const auto words = split_words(std::string_view(text).substr(begin));
  if (words.empty() || !means(words.front(), kChpass.name, kChpass.minimum)) return text;
  std::string hidden = text.substr(0, begin + words.front().size());
  for (std::size_t i = 1; i < words.size(); ++i) hidden.append(" ").append(texts::kHiddenPassword);
  return hidden;
}

}  // namespace remotemail
