#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/text.hpp"
#include "device_adapter/lists/list_layout.hpp"
#include "device_adapter/lists/list_table.hpp"
#include "device_adapter/lists/user_settings.hpp"

namespace remotemail {
namespace {

std::uint64_t remaining(const Account& account) {
  return account.limit - std::min(account.limit, account.count());
}
std::string_view standing(const MachineLife& life, const Account& account) {
  if (account.limit == 0) return {};
  if (remaining(account) == 0) return "LIMIT REACHED";
  const auto warned_below = parse_number(set_to(life.seed, "U-45"));
  return warned_below && remaining(account) < *warned_below ? "nearly used up" : "";
}

// A cell of what only an account with a limit has.
std::string if_limited(const Account& account, std::uint64_t value) {
  return account.limit == 0 ? std::string() : count_cell(value);
}

constexpr ColumnLayout kAccountColumns[] = {
    {"Name",
     Column::Kind::person,
     {},
     [](const MachineLife& life, std::size_t i) { return std::string(life.accounts[i].name); }},
    {"Account code",
     Column::Kind::secret,
     {},
     [](const MachineLife& life, std::size_t i) { return life.accounts[i].code; }},
    {"Count",
     Column::Kind::count,
     {},
     [](const MachineLife& life, std::size_t i) { return count_cell(life.accounts[i].count()); }},
    {"Copies",
     Column::Kind::count,
     {},
     [](const MachineLife& life, std::size_t i) { return count_cell(life.accounts[i].copies); }},
    {"Prints",
     Column::Kind::count,
     {},
     [](const MachineLife& life, std::size_t i) { return count_cell(life.accounts[i].prints); }},
    {"Limit",
     Column::Kind::count,
     {},
     [](const MachineLife& life, std::size_t i) {
       return if_limited(life.accounts[i], life.accounts[i].limit);
     }},
    {"Remaining",
     Column::Kind::count,
     {},
     [](const MachineLife& life, std::size_t i) {
       return if_limited(life.accounts[i], remaining(life.accounts[i]));
     }},
    {"Refused", Column::Kind::count, "jobs",
     [](const MachineLife& life, std::size_t i) { return count_cell(life.accounts[i].refused); }},
    {"Check",
     Column::Kind::text,
     {},
     [](const MachineLife& life, std::size_t i) { return std::string(standing(life, life.accounts[i])); }},
};

// Sums over the accounts, beside the machine's own counters of the same.
struct Total {
  std::string_view code, name, same_as;
  std::uint64_t (*of)(const Account&);
  Counter counter;
  std::string_view meaning;
};
constexpr std::array<Total, 3> kTotals{{
    {"ET-1", "All accounts", "C-82", [](const Account& a) { return a.count(); }, Counter::ekc,
     "printed sides on account"},
    {"ET-2", "Copies", "C-83", [](const Account& a) { return a.copies; }, Counter::ekc_copy,
     "printed sides of copies on account"},
    {"ET-3", "Prints", "C-84", [](const Account& a) { return a.prints; }, Counter::ekc_print,
     "printed sides of print jobs on account"},
}};
std::uint64_t sum(const MachineLife& life, std::size_t row) {
  std::uint64_t all = 0;
  for (const Account& account : life.accounts) all += kTotals[row].of(account);
  return all;
}
constexpr ColumnLayout kTotalColumns[] = {
    {"Total",
     Column::Kind::text,
     {},
     [](const MachineLife&, std::size_t row) { return std::string(kTotals[row].name); }},
    {"Sum of accounts",
     Column::Kind::count,
     {},
     [](const MachineLife& life, std::size_t row) { return count_cell(sum(life, row)); }},
    {"Counter",
     Column::Kind::count,
     {},
     [](const MachineLife& life, std::size_t row) {
       return count_cell(life.counters[kTotals[row].counter]);
     }},
    {"Check",
     Column::Kind::text,
     {},
     [](const MachineLife& life, std::size_t row) {
       return std::string(sum(life, row) == life.counters[kTotals[row].counter] ? "agree" : "DIFFER");
     }},
    {"What it counts",
     Column::Kind::text,
     {},
     [](const MachineLife&, std::size_t row) {
       return fmt::format("{}; counter list {}", kTotals[row].meaning, kTotals[row].same_as);
     }},
};

constexpr std::string_view kAccountNumbers[kAccounts] = {"1", "2", "3", "4",  "5",  "6",
                                                         "7", "8", "9", "10", "11", "12"};
template <std::size_t kAccount>
std::string by_size(const MachineLife& life, std::size_t paper) {
  return count_cell(life.accounts[kAccount].by_paper[paper]);
}
std::string all_by_size(const MachineLife& life, std::size_t paper) {
  std::uint64_t all = 0;
  for (const Account& account : life.accounts) all += account.by_paper[paper];
  return count_cell(all);
}
template <std::size_t... kIndexes>
constexpr auto size_columns(std::index_sequence<kIndexes...>) {
  return std::array<ColumnLayout, kAccounts + 2>{{
      {"Paper",
       Column::Kind::text,
       {},
       [](const MachineLife&, std::size_t paper) { return std::string(kPaperNames[paper]); }},
      {kAccountNumbers[kIndexes], Column::Kind::count, {}, by_size<kIndexes>}...,
      {"All", Column::Kind::count, {}, all_by_size},
  }};
}
constexpr auto kSizeColumns = size_columns(std::make_index_sequence<kAccounts>());

constexpr SectionLayout kSections[] = {
    {"Accounts", kAccountColumns, [](const MachineLife& life) { return life.accounts.size(); },
     [](const MachineLife& life, std::size_t i) { return numbered_code("E", life.accounts[i].number); },
     "Counts are printed sides. An account without a limit may copy and print without end. Refused: jobs that were "
     "not begun, because they would have passed the limit. Nearly used up: fewer sides are left than user setting U-45."},
    {"Totals", kTotalColumns, rows_of<kTotals>, code_of<kTotals>},
    {"Sides by paper size and number of the account", kSizeColumns,
     [](const MachineLife&) { return kPapers; },
     [](const MachineLife&, std::size_t paper) { return numbered_code("ES", paper + 1); }},
};
constexpr ListLayout kEkcLayout{ListId::ekc, kSections};

}  // namespace

DeviceList make_ekc_management_list(const MachineLife& life) {
  return build_list(kEkcLayout, life);
}

}  // namespace remotemail
