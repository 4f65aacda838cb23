#include "web/ce_desk/desk_mailbox.hpp"

#include <algorithm>
#include <utility>

#include "core/text.hpp"
#include "remotemail/protocol/message.hpp"

namespace remotemail::web {
namespace {

DeskMail shown(const RawMail& raw) {
  Mail mail = parse_mail(raw);
  DeskMail made;
  if (mail.from) {
    made.from = mail.from->display_name.empty() ? mail.from->address
                                                : mail.from->display_name + " <" + mail.from->address + ">";
  }
  made.subject = std::move(mail.subject);
  if (mail.date) made.date = mail.date->utc;
  made.references = std::move(mail.references);
  made.text = std::move(mail.text);
  made.cut = !raw.complete;
  return made;
}

}  // namespace

Result<std::vector<DeskMail>> DeskMailbox::read(MailServers& servers, const MailboxAccount& account,
                                                const Deadline& deadline, const StepObserver& observer) {
  auto mailbox = servers.open_mailbox(account, deadline, observer);
  if (!mailbox) return std::move(mailbox).error();
  observer(Step::list);
  auto listing = (*mailbox)->list(deadline);
  if (!listing) return std::move(listing).error();
  const ListedMails& all = listing->mails;
  std::vector<Known> now;
  observer(Step::fetch);
  for (std::size_t i = all.size() - std::min(all.size(), kLatest); i < all.size(); ++i) {
    const MailKey key = all.key(i);
    const auto known = std::ranges::find(known_, key, &Known::key);
    if (known != known_.end()) {
      now.push_back(*known);
      continue;
    }
    const FetchRequest request{key, FetchRequest::Part::whole, 0, kMailBytes};
    Status fetched = (*mailbox)->fetch(
        {&request, 1},
        [&](const RawMail& raw) {
          now.push_back({key, shown(raw)});
          return true;
        },
        deadline);
    if (!fetched) return fetched.error();
  }
  // A polite end; what could fail here has nothing to do with the mails.
  static_cast<void>((*mailbox)->close(deadline).ok());
  std::vector<DeskMail> mails;
  for (Known& each : now) {
    if (each.mail.number == 0) each.mail.number = ++numbers_;
    mails.push_back(each.mail);
  }
  known_ = std::move(now);
  std::ranges::reverse(mails);
  return mails;
}

}  // namespace remotemail::web
