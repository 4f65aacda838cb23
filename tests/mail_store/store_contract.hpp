// What the tests of the contract of mail_store.hpp, settings_store.hpp and store.hpp share; each is held against every
// implementation.
#pragma once

#include <string>
#include <vector>

#include "mail_store/places.hpp"
#include "remotemail/core/limits.hpp"

#ifdef REMOTEMAIL_SQLITE
#define EVERY_STORE InMemory, OnSqlite, OnSqliteReopenedAtEachCall
#define EVERY_KIND InMemory, OnSqlite  // for long cases: each kind once
#else
#define EVERY_STORE InMemory
#define EVERY_KIND InMemory
#endif

namespace remotemail::test::contract {

using namespace std::chrono_literals;

inline const WallTime kNow{std::chrono::milliseconds(1'800'000'000'000)};
inline const std::string kBox = "imap copier@example.com INBOX 7";

inline MailKey key(const std::string& uid) {
  return {kBox, uid};
}

inline MailboxListing listing(const std::vector<std::string>& uids, bool complete = true) {
  MailboxListing all;
  all.mailbox = kBox;
  for (const std::string& uid : uids) all.mails.push_back({key(uid), 1000});
  all.total = uids.size() + (complete ? 0 : 1);
  all.complete = complete;
  return all;
}

inline OutboxMail mail(const std::string& id, const std::string& to = "ce@example.com") {
  return {id,   OutboxMail::Kind::reply, to, "Counter list", "From: copier\r\n\r\nbody of " + id + "\r\n",
          false};
}

inline LogRecord received(LogRecord::Result result, const std::string& detail, WallTime time = kNow) {
  LogRecord record;
  record.time = time;
  record.result = result;
  record.detail = detail;
  record.other_side = "ce@example.com";
  record.what = "1 command";
  return record;
}

inline MailVerdict answered(const std::string& uid, const std::vector<OutboxMail>& replies = {}) {
  MailVerdict verdict;
  verdict.key = key(uid);
  verdict.digest = std::string(31, 'd') + uid.back();
  verdict.replies = replies;
  verdict.log = received(LogRecord::Result::answered, "");
  return verdict;
}

inline MailVerdict illegal(const std::string& uid, const std::string& reason, WallTime time = kNow) {
  MailVerdict verdict;
  verdict.key = key(uid);
  verdict.fate = MailVerdict::Fate::illegal;
  verdict.digest = std::string(32, 'i');
  verdict.log = received(LogRecord::Result::illegal, reason, time);
  return verdict;
}

inline Batch batch(const std::vector<MailVerdict>& verdicts, WallTime now = kNow) {
  Batch all;
  all.now = now;
  all.verdicts = verdicts;
  return all;
}

inline SettingChange set(const std::string& key, const std::string& text) {
  return {key, StoredSetting{StoredSetting::Form::plain, Secret(text), {}, 0, false}};
}

inline Settlement settlement(Settlement::Kind kind, const std::string& detail = "250 ok") {
  return {kind, kNow + 1min, kNow + 2min, false, detail};
}

template <typename Place>
KnownMail::State state_of(Place& place, const std::string& uid) {
  return place.store().recall(listing({uid}, false)).value()[0].state;
}

template <typename Place>
std::vector<std::string> waiting(Place& place) {
  std::vector<std::string> ids;
  const auto entries = place.store().outbox().value();
  for (const auto& entry : entries) ids.push_back(entry.mail.id);
  return ids;
}

template <typename Place>
bool was_answered(Place& place, const std::string& digest) {
  return place.store().recall_memory(Memory::Kind::answered_request, digest).value().has_value();
}

using State = KnownMail::State;
using Ids = std::vector<std::string>;

}  // namespace remotemail::test::contract
