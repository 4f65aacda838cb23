#include "agent/execute.hpp"

#include <utility>

#include "core/crypto/digest.hpp"
#include "remotemail/core/limits.hpp"
#include "remotemail/list_formatter/list_formatter.hpp"

namespace remotemail {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kBusyPause = 1s;  // between two questions to a busy device
constexpr std::size_t kPseudonymLetters = 6;          // 30 bits: among 1,000 names two are rarely alike

OutcomeValue change_password(const PlannedItem& item, Right& right, const ExecutionContext& context) {
  using Why = PasswordRefused::Why;
  // F19: the form of the new one is judged before the old one is compared, so that a guess costs and tells
  // nothing.
  if (item.words.size() != 2 || !is_password_form(item.words[1])) return PasswordRefused{Why::form};
  if (!context.check.matches(right.hash, item.words[0])) return PasswordRefused{Why::old_wrong};
  PasswordHash hash = hash_password(item.words[1], context.random, context.hash_cost);
  if (hash.empty())
    return PasswordRefused{Why::form};  // this machine cannot hash: better no change than no password
  right.hash = std::move(hash);
  right.changed = true;
  return PasswordChanged{item.words[1]};
}

OutcomeValue help(const PlannedItem& item, const ExecutionContext& context) {
  HelpAsked asked;
  asked.no_command = item.kind == PlannedItem::Kind::no_command;
  for (const ListWord& word : kListWords) {
    if (context.device.supports(word.id)) asked.offered.push_back(word.id);
  }
  asked.interval = context.interval;
  asked.last_poll = context.last_poll;
  asked.size_limit = context.size_limit;
  return asked;
}

}  // namespace

std::string pseudonym(std::string_view name, const Sealer& sealer) {
  return "Person-" + base32_lower(sealer.keyed_digest("person", name)).substr(0, kPseudonymLetters);
}

Result<OutcomeValue> read_for_reply(ListId list, bool phone, const ExecutionContext& context,
                                    std::chrono::milliseconds& busy_left, const Deadline& deadline) {
  if (!context.device.supports(list)) {
    return OutcomeValue(
        ListMissing{list, phone, make_error(Cause::device_unsupported, Step::device, {}, Retry::never)});
  }
  for (;;) {
    auto read = context.device.read_list(list, deadline);
    if (read) {
      if (context.names) {
        mask_names(*read, [&](std::string_view name) { return pseudonym(name, *context.names); });
      }
      return OutcomeValue(ListRead{std::move(*read), phone});
    }
    if (read.error().cause == Cause::stopped || deadline.stopping()) {
      return make_error(Cause::stopped, Step::device);
    }
    const SteadyTime now = context.clock.steady_now();
    if (read.error().cause != Cause::device_busy || busy_left < kBusyPause || deadline.passed(now)) {
      return OutcomeValue(ListMissing{list, phone, std::move(read).error()});
    }
    busy_left -= kBusyPause;
    context.clock.sleep_until(now + kBusyPause, deadline.stop);
  }
}

Result<std::vector<Outcome>> execute(const Plan& plan, Right& right, const ExecutionContext& context,
                                     const Deadline& deadline) {
  const Deadline budget = deadline.within(context.clock.steady_now(), limits::kDeviceTimePerMail);
  std::chrono::milliseconds busy_left = limits::kBusyWaitPerMail;
  std::vector<Outcome> outcomes;
  for (const PlannedItem& item : plan.items) {
    using Kind = PlannedItem::Kind;
    OutcomeValue value = NotFound{};
    if (item.kind == Kind::list || item.kind == Kind::phone) {
      const bool phone = item.kind == Kind::phone;
      auto read = read_for_reply(phone ? ListId::counter : item.list, phone, context, busy_left, budget);
      if (!read) return std::move(read).error();
      value = std::move(*read);
    } else if (item.kind == Kind::change_password) {
      value = change_password(item, right, context);
    } else if (item.kind != Kind::not_found) {
      value = help(item, context);
    }
    outcomes.push_back({item, std::move(value)});
  }
  return outcomes;
}

}  // namespace remotemail
