#include "testing/mailhost/host_state.hpp"

#include <algorithm>
#include <ctime>

#include "core/text.hpp"

namespace remotemail::testing::mailhost {
namespace {

constexpr std::size_t kDialogueLines = 10'000;
constexpr std::size_t kFolders = 100;  // of a user

std::string folder_key(std::string_view name) {
  return equal_ignoring_case(name, "INBOX") ? "INBOX" : std::string(name);
}

}  // namespace

StoredMail* Folder::find(std::uint32_t uid) {
  const auto at = std::ranges::lower_bound(mails, uid, {}, &StoredMail::uid);
  return at != mails.end() && at->uid == uid ? &*at : nullptr;
}

std::uint32_t Folder::add(StoredMail mail) {
  mail.uid = uid_next++;
  mails.push_back(std::move(mail));
  return mails.back().uid;
}

HostState::HostState(MailHostOptions wanted, std::vector<Fault> faults)
    : options(std::move(wanted)),
      // Two lives of a host must not take their UIDs for each other's (RFC 3501 2.3.1.1).
      next_validity_(static_cast<std::uint32_t>(std::time(nullptr))),
      faults_(std::move(faults)) {
  for (const MailHostUser& user : options.users) {
    Box& box = boxes_[user.name];
    box.password = user.password;
    box.folders["INBOX"].uid_validity = next_validity_;
  }
  ++next_validity_;
}

bool HostState::lacks(std::string_view capability) const {
  return std::ranges::any_of(options.lacks,
                             [&](const std::string& word) { return equal_ignoring_case(word, capability); });
}

std::optional<std::string> HostState::user_of_login(std::string_view login) const {
  const auto at = login.rfind('@');
  if (at != std::string_view::npos) return user_of_address(login);
  for (const MailHostUser& user : options.users) {
    if (equal_ignoring_case(user.name, login)) return user.name;
  }
  return std::nullopt;
}

std::optional<std::string> HostState::user_of_address(std::string_view address) const {
  const auto at = address.rfind('@');
  if (at == std::string_view::npos || !equal_ignoring_case(address.substr(at + 1), options.domain))
    return std::nullopt;
  return user_of_login(address.substr(0, at));
}

std::optional<std::string> HostState::log_in(Service service, std::string_view login,
                                             std::string_view password) {
  auto user = user_of_login(login);
  {
    const std::lock_guard lock(mutex_);
    if (user && boxes_.at(*user).password != password) user.reset();
    ++(user ? counters_of(service).logins : counters_of(service).refused_logins);
  }
  const std::string who(name(service));
  note_event(user ? who + " login " + *user : who + " login refused: " + clean_line(login, 60));
  return user;
}

bool HostState::lock_mailbox(const std::string& user) {
  const std::lock_guard lock(mutex_);
  return !std::exchange(boxes_.at(user).locked, true);
}

void HostState::unlock_mailbox(const std::string& user) {
  const std::lock_guard lock(mutex_);
  boxes_.at(user).locked = false;
}

bool HostState::with_folder(const std::string& user, std::string_view folder,
                            const std::function<void(Folder&)>& work) {
  const std::lock_guard lock(mutex_);
  const auto box = boxes_.find(user);
  if (box == boxes_.end()) return false;
  const auto found = box->second.folders.find(folder_key(folder));
  if (found == box->second.folders.end()) return false;
  work(found->second);
  return true;
}

bool HostState::create_folder(const std::string& user, std::string_view folder) {
  const std::lock_guard lock(mutex_);
  auto& folders = boxes_.at(user).folders;
  if (folders.size() >= kFolders || folders.contains(folder_key(folder))) return false;
  folders[folder_key(folder)].uid_validity = next_validity_++;
  return true;
}

std::vector<std::string> HostState::folders(const std::string& user) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, folder] : boxes_.at(user).folders) names.push_back(name);
  return names;
}

void HostState::count_removed(Service service, const std::string& user, std::size_t mails) {
  if (mails == 0) return;
  {
    const std::lock_guard lock(mutex_);
    counters_.removed += mails;
  }
  note_event(std::string(name(service)) + " removed " + std::to_string(mails) + " of " + user);
}

std::uint64_t HostState::used() const {
  std::uint64_t octets = 0;
  for (const AcceptedMail& mail : accepted_) octets += mail.bytes.size();
  for (const auto& [user, box] : boxes_) {
    for (const auto& [name, folder] : box.folders) {
      for (const StoredMail& mail : folder.mails) octets += mail.bytes->size();
    }
  }
  return octets;
}

bool HostState::has_room(std::uint64_t octets) const {
  const std::lock_guard lock(mutex_);
  return used() + octets <= options.memory_limit;
}

std::optional<std::uint32_t> HostState::deliver(const std::string& user, std::string bytes) {
  const auto kept = std::make_shared<const std::string>(std::move(bytes));
  std::uint32_t uid = 0;
  {
    const std::lock_guard lock(mutex_);
    const auto box = boxes_.find(user);
    if (box == boxes_.end() || used() + kept->size() > options.memory_limit) return std::nullopt;
    Folder& inbox = box->second.folders["INBOX"];
    if (inbox.mails.size() >= Folder::kMostMails) return std::nullopt;
    uid = inbox.add({0, kept, 0, std::time(nullptr)});
    ++counters_.delivered;
  }
  note_event("delivered " + user + " " + std::to_string(uid) + " " + std::to_string(kept->size()) +
             " octets");
  if (options.on_delivery) {
    const std::lock_guard telling(telling_);
    options.on_delivery(user, uid, *kept);
  }
  return uid;
}

void HostState::accept(AcceptedMail mail) {
  std::string event = "smtp accepted <" + clean_line(mail.sender) + "> to";
  for (const std::string& recipient : mail.recipients) event += " <" + clean_line(recipient) + ">";
  {
    const std::lock_guard lock(mutex_);
    accepted_.push_back(std::move(mail));
  }
  note_event(event);
}

std::vector<AcceptedMail> HostState::accepted() const {
  const std::lock_guard lock(mutex_);
  return accepted_;
}

Order HostState::meet_faults(Service service, const std::vector<std::string>& kinds) {
  Order order;
  {
    const std::lock_guard lock(mutex_);
    order = meet(faults_, service, kinds);
    if (!order.source.empty()) ++counters_.faults;
  }
  if (!order.source.empty()) note_event(std::string(name(service)) + " fault: " + order.source);
  return order;
}

void HostState::add_fault(Fault fault) {
  const std::lock_guard lock(mutex_);
  faults_.push_back(std::move(fault));
}

void HostState::clear_faults() {
  const std::lock_guard lock(mutex_);
  faults_.clear();
}

MailHostCounters::Service& HostState::counters_of(Service service) {
  return service == Service::pop3   ? counters_.pop3
         : service == Service::imap ? counters_.imap
                                    : counters_.smtp;
}

void HostState::count_connection(Service service) {
  const std::lock_guard lock(mutex_);
  ++counters_of(service).connections;
}

void HostState::count_command(Service service) {
  const std::lock_guard lock(mutex_);
  ++counters_of(service).commands;
}

MailHostCounters HostState::counters() const {
  const std::lock_guard lock(mutex_);
  return counters_;
}

void HostState::note_event(const std::string& line) {
  if (!options.on_event) return;
  const std::lock_guard telling(telling_);
  options.on_event(line);
}

void HostState::note_dialogue(std::string line) {
  if (options.on_dialogue) {
    const std::lock_guard telling(telling_);
    options.on_dialogue(line);
  }
  const std::lock_guard lock(mutex_);
  dialogues_.push_back(std::move(line));
  if (dialogues_.size() > kDialogueLines) dialogues_.pop_front();
}

std::vector<std::string> HostState::dialogues() const {
  const std::lock_guard lock(mutex_);
  return {dialogues_.begin(), dialogues_.end()};
}

void HostState::set_stopping(bool stopping) {
  const std::lock_guard lock(mutex_);
  stopping_ = stopping;
  changed_.notify_all();
}

void HostState::wait(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, time, [&] { return stopping_; });
}

}  // namespace remotemail::testing::mailhost
