#include "mail_store/sqlite/outbox_table.hpp"

#include "mail_store/rules.hpp"

namespace remotemail::sqlite {
namespace {

OutboxEntry read(const Query& row) {
  OutboxEntry entry;
  entry.mail.id = row.text(0);
  entry.mail.kind = row.enumerator<OutboxMail::Kind>(1);
  entry.mail.recipient = row.text(2);
  entry.mail.what = row.text(3);
  entry.mail.shows_secret = row.flag(4);
  entry.created = row.time(5);
  entry.next_attempt = row.time(6);
  entry.attempts = static_cast<unsigned>(row.integer(7));
  entry.in_doubt = row.flag(8);
  entry.last_trouble = row.text(9);
  return entry;
}

}  // namespace

bool OutboxTable::add(std::uint64_t number, const OutboxEntry& entry) {
  const OutboxMail& mail = entry.mail;
  if (number_of(mail.id) != 0) return false;
  put(static_cast<std::int64_t>(number), entry);
  const std::string sealed = sealer_.seal(mail.message, mail.id);
  run(connection_, "REPLACE INTO message(copier,id,sealed,sum) VALUES(?1,?2,?3,checksum(?1,?2,?3))", copier_,
      mail.id, Blob{sealed});
  return true;
}

void OutboxTable::replace(const OutboxEntry& entry) {
  put(number_of(entry.mail.id), entry);
}

void OutboxTable::move(std::uint64_t number, const OutboxEntry& entry) {
  put(static_cast<std::int64_t>(number), entry);  // its id is unique, so the row it had goes
}

void OutboxTable::put(std::int64_t number, const OutboxEntry& entry) {
  run(connection_,
      "REPLACE INTO outbox VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,"
      "checksum(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12))",
      copier_, number, entry.mail.id, entry.mail.kind, entry.mail.recipient, entry.mail.what,
      entry.mail.shows_secret, entry.created, entry.next_attempt, entry.attempts, entry.in_doubt,
      entry.last_trouble);
}

void OutboxTable::remove(std::string_view id) {
  run(connection_, "DELETE FROM message WHERE copier=?1 AND id=?2", copier_, id);
  run(connection_, "DELETE FROM outbox WHERE copier=?1 AND id=?2", copier_, id);
}

std::optional<OutboxEntry> OutboxTable::find(std::string_view id) {
  Query found(
      connection_,
      "SELECT id,kind,recipient,what,shows_secret,created,next_attempt,attempts,in_doubt,last_trouble "
      "FROM outbox WHERE copier=?1 AND id=?2",
      copier_, id);
  if (!found.next()) return std::nullopt;
  return read(found);
}

std::vector<OutboxEntry> OutboxTable::all() {
  return behind({});
}

std::vector<OutboxEntry> OutboxTable::behind(std::string_view id) {
  std::vector<OutboxEntry> entries;
  Query rows(connection_,
             "SELECT id,kind,recipient,what,shows_secret,created,next_attempt,attempts,in_doubt,last_trouble "
             "FROM outbox WHERE copier=?1 AND number>?2 ORDER BY number",
             copier_, number_of(id));
  while (rows.next()) entries.push_back(read(rows));
  return entries;
}

std::optional<OutboxEntry> OutboxTable::next_due(WallTime now, std::string_view after) {
  Query rows(connection_,
             "SELECT id,kind,recipient,what,shows_secret,created,next_attempt,attempts,in_doubt,last_trouble "
             "FROM outbox WHERE copier=?1 AND number>?2 ORDER BY number",
             copier_, number_of(after));
  while (rows.next()) {
    OutboxEntry entry = read(rows);
    if (store_rules::due(entry.next_attempt, now) && unseal(entry)) return entry;
  }
  return std::nullopt;
}

std::int64_t OutboxTable::number_of(std::string_view id) {
  Query found(connection_, "SELECT number FROM outbox WHERE copier=?1 AND id=?2", copier_, id);
  return found.next() ? found.integer(0) : 0;
}

bool OutboxTable::unseal(OutboxEntry& entry) {
  Query found(connection_, "SELECT sealed FROM message WHERE copier=?1 AND id=?2", copier_, entry.mail.id);
  if (!found.next()) return false;
  const Result<Secret> message = sealer_.open(found.text(0), entry.mail.id);
  if (!message) return false;
  entry.mail.message = message->reveal();
  return true;
}

}  // namespace remotemail::sqlite
