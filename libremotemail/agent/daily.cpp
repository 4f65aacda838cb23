#include "agent/daily.hpp"

#include <fmt/format.h>

#include "core/text.hpp"

namespace remotemail {
namespace {

std::string format_time(const std::optional<WallTime>& time) {
  return time ? format_millis(*time) : "-";
}

}  // namespace

void Daily::add(std::string_view line, WallTime now) {
  if (!since) since = now;
  ++count;
  if (!line.empty() && lines.size() < kLines) lines.push_back(clean_line(line));
}

std::string format_daily(const Daily& daily) {
  std::string text = fmt::format("{} {} {}", format_time(daily.told), format_time(daily.since), daily.count);
  for (const std::string& line : daily.lines) text += "\n" + line;
  return text;
}

std::optional<Daily> parse_daily(std::string_view text) {
  const auto lines = split(text, '\n');
  const auto head = split(lines[0], ' ');
  if (head.size() != 3 || lines.size() > Daily::kLines + 1) return std::nullopt;
  const auto count = parse_number(head[2]);
  if (!count) return std::nullopt;
  Daily daily;
  daily.told = parse_millis(head[0]);
  daily.since = parse_millis(head[1]);
  daily.count = *count;
  daily.lines.assign(lines.begin() + 1, lines.end());
  return daily;
}

Result<Daily> recall_daily(Recollection& memory, std::string_view topic, WallTime now) {
  const auto remembered = memory.get(Memory::Kind::told, std::string(topic));
  if (!remembered) return remembered.error();
  if (!*remembered) return Daily();
  Daily daily = parse_daily((*remembered)->value).value_or(Daily());
  if (daily.told.value_or(now) > now || daily.since.value_or(now) > now) {
    if (daily.told) daily.told = std::min(*daily.told, now);
    if (daily.since) daily.since = std::min(*daily.since, now);
    put_daily(memory, topic, daily, now);
  }
  return daily;
}

void put_daily(Recollection& memory, std::string_view topic, const Daily& daily, WallTime now) {
  memory.put(Memory::Kind::told, std::string(topic), format_daily(daily), now);
}

Status remember_failure(MailStore& store, const OutboxMail& mail, Settlement& failed) {
  if (mail.kind == OutboxMail::Kind::notice || mail.kind == OutboxMail::Kind::test) return {};
  Recollection memory(store);
  auto daily = recall_daily(memory, topics::kFailures, failed.now);
  if (!daily) return std::move(daily).error();
  daily->add(fmt::format("{} to {}: {}", mail.what, mail.recipient, failed.detail), failed.now);
  put_daily(memory, topics::kFailures, *daily, failed.now);
  failed.memories = memory.pending();
  return {};
}

}  // namespace remotemail
