#include "agent/notice_desk.hpp"

#include "remotemail/core/limits.hpp"

namespace remotemail {
namespace {

constexpr auto kKind = Memory::Kind::notice_hour;

}  // namespace

Status close_notice_hour(Recollection& memory, const NoticeContext& context, std::vector<OutboxMail>& out) {
  auto hour = memory.hour(kKind, {}, context.now);
  if (!hour) return std::move(hour).error();
  if (!hour->over(context.now) || hour->further == 0) return {};
  memory.erase(kKind, {});
  if (context.settings.reception.notice == Notice::no) return {};
  auto summary = illegal_summary(hour->further, hour->began, context);
  if (!summary) return std::move(summary).error();
  out.push_back(std::move(*summary));
  return {};
}

Result<bool> admit_notice(Recollection& memory, const NoticeContext& context, std::vector<OutboxMail>& out) {
  if (context.settings.reception.notice == Notice::no) return false;
  if (Status closed = close_notice_hour(memory, context, out); !closed) return std::move(closed).error();
  auto hour = memory.hour(kKind, {}, context.now);
  if (!hour) return std::move(hour).error();
  if (hour->over(context.now)) *hour = {context.now, 0, 0};
  const bool room = hour->count < limits::kNoticesPerHour;
  ++(room ? hour->count : hour->further);
  memory.put_hour(kKind, {}, *hour, context.now);
  return room;
}

}  // namespace remotemail
