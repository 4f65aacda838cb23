// Steps 6 and 7: outcomes as mails for the outbox.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "remotemail/core/outcome.hpp"
#include "remotemail/core/result.hpp"
#include "remotemail/core/sealer.hpp"
#include "remotemail/list_formatter/list_formatter.hpp"
#include "remotemail/mail_store/batch.hpp"
#include "remotemail/settings/settings.hpp"

namespace remotemail {

// Who is answered, and what with; from one poll's snapshot.
struct AnswerContext {
  const Settings& settings;
  const DeviceIdentity& device;
  const ListFormatter& formatter;
  const Sealer& sealer;
  WallTime now{};
  std::string
      copy_to{};  // H3: not empty: the same mails once more, as copies to this address, passwords masked
};

// R3, second key: a digest of sender, date, Message-ID and commands; empty when the mail has neither date nor
// Message-ID.
std::string digest_of(const Mail& mail, const Sealer& sealer);

// What a machine says of itself, fit for a header field: a machine must not be able to keep its mails from being
// composed. One line of well-formed UTF-8.
std::string header_text(std::string_view text);

// R4: a keyed digest of request and reply, so that a retry is equal and nobody can foresee it.
// "rm.<26 letters>@<domain of the copier's address>".
std::string make_message_id(std::string_view request, std::string_view role, std::string_view copier_address,
                            const Sealer& sealer);

// G3: "Counter list [nickname]", without a nickname "[serial number]".
std::string subject_of(std::string_view topic, std::string_view nickname, const DeviceIdentity& device);

// G3, the display name of From: the nickname, without one model and serial number. Fit for a header field, whatever the
// machine says of itself.
std::string sender_name(std::string_view nickname, const DeviceIdentity& device);

// One mail an outcome, in order, however long: what is too much for a server is known, and split, when it is sent (G).
// `request` names the mail that is answered (key and bytes, digested).
Result<std::vector<OutboxMail>> answer(const Mail& mail, const std::string& reply_to,
                                       std::string_view request, const std::vector<Outcome>& outcomes,
                                       const AnswerContext& context);

}  // namespace remotemail
