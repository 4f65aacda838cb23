#include "device_adapter/account_book.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace remotemail {
namespace {

constexpr std::uint64_t kAccountStream = 32;

struct AccountFact {
  std::string_view name;
  std::uint64_t monthly;  // what the manager grants; 0: no limit
};
// The big departments first, as in the office's work; with persons among them, as offices do it.
constexpr std::array<AccountFact, kAccounts> kFacts{{{"Sales", 0},
                                                     {"Accounting", 4'000},
                                                     {"Purchasing", 3'500},
                                                     {"Workshop", 0},
                                                     {"Personnel", 2'500},
                                                     {"Legal", 2'500},
                                                     {"Reception", 2'000},
                                                     {"R. Okafor", 2'000},
                                                     {"Åsa Lindqvist", 1'500},
                                                     {"Formación", 1'500},
                                                     {"T. Yamane", 1'000},
                                                     {"Büro Süd", 500}}};
constexpr std::uint64_t kLimitStep = 500;

}  // namespace

void open_accounts(MachineLife& life) {
  constexpr std::array<std::uint32_t, 5> kCodes{10'000, 100'000, 1'000'000, 10'000'000, 100'000'000};
  for (std::size_t i = 0; i < kAccounts; ++i) {
    Account& account = life.accounts[i];
    account.number = static_cast<unsigned>(i) + 1;
    account.name = kFacts[i].name;
    Draws draws(life.seed, kAccountStream, i);
    const std::size_t length = draws.below(kCodes.size());
    account.code = fmt::format("{:0{}}", draws.below(kCodes[length]), length + 4);
    account.limit = kFacts[i].monthly;
  }
}

void raise_limits(MachineLife& life) {
  for (std::size_t i = 0; i < kAccounts; ++i) {
    Account& account = life.accounts[i];
    const std::uint64_t monthly = kFacts[i].monthly;
    if (monthly == 0) continue;
    const std::uint64_t wanted = (account.count() + monthly + kLimitStep - 1) / kLimitStep * kLimitStep;
    account.limit = std::max(account.limit, wanted);
  }
}

bool may_begin(MachineLife& life, const OfficeJob& job) {
  if (job.account == 0) return true;
  Account& account = life.accounts[job.account - 1];
  if (account.limit == 0 || account.count() + job.sides() <= account.limit) return true;
  ++account.refused;
  return false;
}

void charge(MachineLife& life, const OfficeJob& job) {
  if (job.account == 0) return;
  Account& account = life.accounts[job.account - 1];
  (job.print ? account.prints : account.copies) += job.sides();
  account.by_paper[index_of(job.paper)] += job.sides();
}

}  // namespace remotemail
