// The mails that nobody asked for: to the administrator of illegal mails (H2), to the Manager of what failed (R6), of
// limits (R11) and of wrong passwords (Y8). Pure: the same arguments give the same bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "agent/daily.hpp"
#include "remotemail/authenticator/authenticator.hpp"
#include "remotemail/core/device_list.hpp"
#include "remotemail/core/sealer.hpp"
#include "remotemail/mail_store/batch.hpp"
#include "remotemail/settings/settings.hpp"

namespace remotemail {

struct NoticeContext {
  const Settings& settings;
  const DeviceIdentity& device;
  const Sealer& sealer;
  WallTime now{};
};

// H2: what the administrator is told of an illegal mail.
struct IllegalMail {
  std::string request;     // what names the mail; the notice's Message-ID comes of it (R4)
  const Mail& mail;        // its Subject, attachments and HTML never leave
  std::uint64_t size = 0;  // octets, as the server says
  Illegal illegal;
  bool with_text = false;  // wrong password: quotes the first lines, at most 1 KiB
};
// Whether an illegal mail is one to tell of. Not what the administrator's own address has sent: it would be the answer
// that D12 denies, and with a program there that answers whatever comes, without end. Nor another copier's notice (or an
// answer to it) whose marks were lost on the way: two copiers would tell each other of their notices (R10).
bool may_be_told(const Mail& mail, const Settings& settings);

Result<OutboxMail> illegal_notice(const IllegalMail& illegal, const NoticeContext& context);

// H2: the one mail for all beyond limits::kNoticesPerHour.
Result<OutboxMail> illegal_summary(std::uint64_t further, WallTime since, const NoticeContext& context);

// To the Manager: one of the topics of daily.hpp.
Result<OutboxMail> manager_notice(std::string_view topic, const Daily& daily, const NoticeContext& context);

// The first lines of a text, each behind `> `: at most limits::kQuotedLines, in all limits::kQuotedOctets, without
// empty ones at the beginning, without the arguments of what reads as CHPASS. Empty: there is no text.
std::string quoted_beginning(std::string_view text);

}  // namespace remotemail
