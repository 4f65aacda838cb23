#include "protocol/imap/session.hpp"

#include <utility>

#include "core/text.hpp"
#include "protocol/imap/imap_mailbox.hpp"

namespace remotemail::test {
namespace {

struct ReceiptMaker : MailStore {
  using MailStore::make_receipt;
};

}  // namespace

std::string show(const Error& error) {
  constexpr std::string_view kRetry[] = {"now", "later", "after setup change", "never"};
  std::string text = std::string(words(error.cause)) + " @" + std::string(words(error.step)) + " [" +
                     std::string(kRetry[static_cast<std::size_t>(error.retry)]) + "]";
  if (!error.detail.empty()) text += " " + error.detail;
  if (!error.server_line.empty()) text += " (" + error.server_line + ")";
  return text;
}

bool LoggedMailbox::list() {
  const auto listing = mailbox_.list({});
  if (!listing) {
    line("list: " + show(listing.error()));
    return false;
  }
  std::string text = listing->mailbox + ", total " + std::to_string(listing->total) + ":";
  for (const MailListing& mail : listing->mails) {
    if (mail.key.mailbox != listing->mailbox) text += " WRONG MAILBOX";
    text += " " + mail.key.uid + "/" + std::to_string(mail.size);
  }
  line(text + (listing->complete ? "" : " ..."));
  return true;
}

bool LoggedMailbox::fetch(const std::vector<std::string>& uids, FetchRequest::Part part,
                          std::size_t byte_limit, unsigned lines, std::size_t stop_after) {
  std::vector<FetchRequest> requests;
  for (const auto& uid : uids) requests.push_back({{key_of_mailbox, uid}, part, lines, byte_limit});
  std::size_t taken = 0;
  const Status status = mailbox_.fetch(requests,
                                       [&](RawMail mail) {
                                         line(mail.key.uid + " " + std::to_string(mail.size) +
                                              (mail.complete ? " complete '" : " cut '") + mail.bytes + "'");
                                         return ++taken < stop_after;
                                       },
                                       {});
  if (!status) line("fetch: " + show(status.error()));
  return status.ok();
}

void LoggedMailbox::remove(const std::vector<std::string>& uids, std::string_view mailbox) {
  std::vector<Receipt> receipts;
  for (const auto& uid : uids) {
    receipts.push_back(
        ReceiptMaker::make_receipt({mailbox.empty() ? key_of_mailbox : std::string(mailbox), uid}));
  }
  mailbox_.remove(receipts);
}

bool LoggedMailbox::close() {
  const auto gone = mailbox_.close({});
  if (!gone) {
    line("close: " + show(gone.error()));
    return false;
  }
  std::string text = "gone:";
  for (const MailKey& key : *gone) text += " " + key.uid;
  line(text);
  return true;
}

MailboxAccount account(Security security) {
  MailboxAccount account;
  account.server.host = "Mail.Example.COM";
  account.server.security = security;
  account.server.user = "bob";
  account.server.password = Secret("secret");
  account.spool = Spool::imap;
  return account;
}

Outcome play_once(std::string_view script, const MailboxAccount& account, const Use& use,
                  const Replay& replay) {
  Outcome outcome;
  auto played = std::make_shared<Played>();
  SystemClock clock;
  SystemRandom random;
  std::string steps;
  auto mailbox = open_imap_mailbox(make_scripted_stream(script, replay, played), account, clock, random, {},
                                   [&](Step step) { steps += std::string(words(step)) + ", "; });
  if (!mailbox) {
    outcome.log += steps + "open: " + show(mailbox.error()) + "\n";
  } else if (use) {
    LoggedMailbox logged(**mailbox, outcome.log);
    use(logged);
  } else {
    outcome.log += steps + "open\n";
  }
  if (mailbox) mailbox->reset();
  outcome.played = *played;
  return outcome;
}

std::string play(std::string_view script, const MailboxAccount& account, const Use& use) {
  const Outcome whole = play_once(script, account, use);
  if (!whole.played.problem.empty()) return "PROBLEM " + whole.played.problem + "\n" + whole.log;
  if (!whole.played.finished) return "PROBLEM the script was not played to its end\n" + whole.log;
  const Outcome slow = play_once(script, account, use, Replay{1, static_cast<std::size_t>(-1)});
  if (!slow.played.problem.empty()) return "PROBLEM byte by byte: " + slow.played.problem;
  if (slow.log != whole.log) return "PROBLEM byte by byte it ends otherwise:\n" + slow.log;
  for (std::size_t lines = 0; lines < whole.played.server_lines; ++lines) {
    const Outcome cut = play_once(script, account, use, Replay{1 << 20, lines});
    if (!cut.played.problem.empty())
      return "PROBLEM cut after " + std::to_string(lines) + ": " + cut.played.problem;
    const bool seen = cut.log.find(": connection lost @") != std::string::npos ||
                      cut.log.find(": refused for now @") != std::string::npos;
    if (!seen && cut.log != whole.log)
      return "PROBLEM cut after " + std::to_string(lines) + " lines:\n" + cut.log;
  }
  return whole.log;
}

}  // namespace remotemail::test
