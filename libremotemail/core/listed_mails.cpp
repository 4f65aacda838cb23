#include <limits>

#include "remotemail/core/mail.hpp"

namespace remotemail {

ListedMails::ListedMails(std::initializer_list<MailListing> mails) {
  for (const MailListing& mail : mails) push_back(mail);
}

void ListedMails::reserve(std::size_t mails, std::size_t octets_of_uids) {
  uids_.reserve(octets_of_uids);
  ends_.reserve(mails);
  sizes_.reserve(mails);
}

void ListedMails::add(std::string_view mailbox, std::string_view uid, std::uint64_t size) {
  if (uid.size() > std::numeric_limits<std::uint32_t>::max() - uids_.size()) return;
  if (empty()) mailbox_ = mailbox;
  uids_ += uid;
  ends_.push_back(static_cast<std::uint32_t>(uids_.size()));
  sizes_.push_back(size);
}

std::string_view ListedMails::uid(std::size_t place) const noexcept {
  const std::size_t begin = place == 0 ? 0 : ends_[place - 1];
  return {uids_.data() + begin, ends_[place] - begin};
}

}  // namespace remotemail
