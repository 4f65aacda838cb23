// The words of the grammar (E3–E5) and the titles of the lists (L): one table for parser, formatter, HELP and pages.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace remotemail {

// In the manual's order; ALL answers in this order (G2).
enum class ListId : std::uint8_t {
  job, user, font, management1, adjustment, parameter, ekc, management2, counter, pixel,
};
inline constexpr std::size_t kListCount = 10;

enum class CommandId : std::uint8_t { getlog, chpass, help };

struct CommandWord {
  CommandId id;
  std::string_view name;     // upper case
  std::string_view minimum;  // the shortest prefix that means it
};

struct ListWord {
  ListId id;
  std::string_view option;   // GETLOG's option, upper case
  std::string_view minimum;
  std::string_view title;    // as in the manual: "Machine management list 1"
};

inline constexpr std::array<CommandWord, 3> kCommandWords{{
    {CommandId::getlog, "GETLOG", "G"},
    {CommandId::chpass, "CHPASS", "C"},
    {CommandId::help, "HELP", "H"},
}};

inline constexpr std::array<ListWord, kListCount> kListWords{{
    {ListId::job, "JOB", "J", "JOB memory list"},
    {ListId::user, "USER", "U", "User management list"},
    {ListId::font, "FONT", "F", "Font pattern list"},
    {ListId::management1, "MANAGEMENT", "M", "Machine management list 1"},
    {ListId::adjustment, "ADJUSTMENT", "A", "Adjustment data list"},
    {ListId::parameter, "PARAMETER", "P", "Parameter list"},
    {ListId::ekc, "EKC", "E", "E.K.C. management list"},
    {ListId::management2, "2MANAGEMENT", "2", "Machine management list 2"},
    {ListId::counter, "COUNTER", "C", "Counter list"},
    {ListId::pixel, "PIXEL", "PI", "Pixel ratio list"},
}};

inline constexpr std::string_view kAllOption = "ALL";
inline constexpr std::string_view kAllMinimum = "AL";
inline constexpr std::string_view kPhoneTitle = "Counter list (phone)";

constexpr const ListWord& word_of(ListId id) { return kListWords[static_cast<std::size_t>(id)]; }

// E3: `word` is a prefix of `name`, without regard to case, and at least as long as `minimum`.
bool means(std::string_view word, std::string_view name, std::string_view minimum) noexcept;

}  // namespace remotemail
