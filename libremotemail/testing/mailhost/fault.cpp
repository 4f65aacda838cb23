#include "testing/mailhost/fault.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace remotemail::testing::mailhost {
namespace {

constexpr std::string_view kEverywhere[] = {"connect", "login", "any"};
constexpr std::string_view kPop3[] = {"capa", "stls", "user", "pass", "auth", "stat", "uidl",
                                      "list", "top",  "retr", "dele", "rset", "noop", "quit"};
constexpr std::string_view kImap[] = {"capability", "starttls", "authenticate", "select", "examine", "create",
                                      "list",       "lsub",     "status",       "search", "fetch",   "store",
                                      "copy",       "move",     "expunge",      "noop",   "check",   "close",
                                      "unselect",   "idle",     "logout"};
constexpr std::string_view kSmtp[] = {"ehlo", "helo", "starttls", "auth", "mail", "rcpt",
                                      "data", "dot",  "rset",     "noop", "quit"};

struct ActionWord {
  std::string_view word;
  Action action;
};
constexpr ActionWord kActions[] = {{"close", Action::close},
                                   {"stall", Action::stall},
                                   {"refuse", Action::refuse},
                                   {"garbage", Action::garbage},
                                   {"close-after", Action::close_after},
                                   {"close-after-accept", Action::close_after},
                                   {"stall-after", Action::stall_after},
                                   {"half", Action::half}};

bool is_kind(std::optional<Service> service, std::string_view kind) {
  const auto in = [&](const auto& words) { return std::ranges::find(words, kind) != std::end(words); };
  if (in(kEverywhere)) return true;
  if (!service) return in(kPop3) || in(kImap) || in(kSmtp);
  return *service == Service::pop3 ? in(kPop3) : *service == Service::imap ? in(kImap) : in(kSmtp);
}

std::optional<Service> service_of(std::string_view word) {
  for (const Service service : {Service::pop3, Service::imap, Service::smtp}) {
    if (equal_ignoring_case(word, name(service))) return service;
  }
  return std::nullopt;
}

std::optional<std::chrono::milliseconds> duration_of(std::string_view word) {
  const bool milliseconds = word.ends_with("ms");
  if (!milliseconds && !word.ends_with('s')) return std::nullopt;
  word.remove_suffix(milliseconds ? 2 : 1);
  const auto number = parse_number<unsigned>(word);
  if (!number || *number > 60'000 || (!milliseconds && *number > 60)) return std::nullopt;
  return std::chrono::milliseconds(milliseconds ? *number : *number * 1000);
}

bool is_smtp_reply(std::string_view word) {
  return word.size() == 3 && word >= "400" && word <= "599" && parse_number(word).has_value();
}

}  // namespace

std::string_view name(Service service) {
  return service == Service::pop3 ? "pop3" : service == Service::imap ? "imap" : "smtp";
}

Result<Fault> parse_fault(std::string_view text) {
  const std::string source = clean_line(trim(text));
  const auto wrong = [&](const std::string& why) {
    return make_error(Cause::invalid_value, Step::none, "fault \"" + source + "\": " + why, Retry::never);
  };
  const std::vector<std::string_view> words = split_words(source);
  Fault fault;
  fault.source = source;
  std::size_t at = 0;
  const auto more = [&] { return at < words.size(); };

  if (more()) fault.service = service_of(words[at]);
  if (fault.service) ++at;
  if (!more()) return wrong("says neither when nor what");
  fault.kind = lower(words[at]);
  if (fault.kind == "delay") {
    fault.kind = "any";
  } else if (is_kind(fault.service, fault.kind)) {
    ++at;
  } else {
    return wrong("there is no command \"" + std::string(words[at]) + "\"");
  }
  if (more() && is_digit(words[at].front()) && !is_smtp_reply(words[at])) {
    std::string_view number = words[at++];
    const bool onwards = number.ends_with('+');
    if (onwards) number.remove_suffix(1);
    const auto n = parse_number<unsigned>(number);
    if (!n || *n == 0) return wrong("the number is one from 1 to 399, or N+");
    fault.first = *n;
    if (!onwards) fault.last = *n;
  }
  bool says_what = false;
  if (more() && equal_ignoring_case(words[at], "delay")) {
    ++at;
    const auto delay = more() ? duration_of(words[at]) : std::nullopt;
    if (!delay) return wrong("a delay is 1ms to 60s");
    ++at;
    fault.delay = *delay;
    says_what = true;
  }
  if (!more()) return says_what ? Result<Fault>(fault) : wrong("does not say what is to happen");
  if (is_smtp_reply(words[at])) {
    if (fault.service != Service::smtp) return wrong("a reply code is for smtp only");
    fault.action = Action::refuse;
    fault.text = source.substr(static_cast<std::size_t>(words[at].data() - source.data()));
    if (fault.text.size() == 3) fault.text += " as the fault wants it";
    return fault;
  }
  for (const ActionWord& known : kActions) {
    if (equal_ignoring_case(words[at], known.word)) fault.action = known.action;
  }
  if (fault.action == Action::none)
    return wrong("there is no action \"" + std::string(words[at]) +
                 "\"; it is close, stall, refuse, garbage, close-after, stall-after, half or delay");
  ++at;
  if (more() && fault.action != Action::refuse) return wrong("only refuse takes a text");
  fault.text = more() ? source.substr(static_cast<std::size_t>(words[at].data() - source.data()))
                      : "refused as the fault wants it";
  return fault;
}

Order meet(std::vector<Fault>& faults, Service service, const std::vector<std::string>& kinds) {
  Order order;
  for (Fault& fault : faults) {
    if (fault.service && *fault.service != service) continue;
    if (fault.kind != "any" && std::ranges::find(kinds, fault.kind) == kinds.end()) continue;
    ++fault.seen;
    if (fault.seen < fault.first || fault.seen > fault.last) continue;
    order.delay += fault.delay;
    if (order.source.empty()) order.source = fault.source;
    if (order.action != Action::none || fault.action == Action::none) continue;
    order.action = fault.action;
    order.text = fault.text;
    order.source = fault.source;
  }
  return order;
}

}  // namespace remotemail::testing::mailhost
