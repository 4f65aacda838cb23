#include "protocol/imap/imap_removal.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace remotemail::imap {
namespace {

// A SEARCH answer may be one line with every mail of the mailbox in it: ten digits and a blank each.
constexpr ResponseLimits kSearchLimits{limits::kServerLine + 11 * limits::kListedMails, limits::kServerLine};

Status run_ok(Dialogue& dialogue, const Command& command, const Deadline& deadline) {
  auto answer = dialogue.run(command, Step::remove, deadline);
  if (!answer) return std::move(answer).error();
  if (answer->condition == Condition::ok) return {};
  return dialogue.refusal(*answer, Step::remove, Cause::refused, Retry::later);
}

Status flag(Dialogue& dialogue, const std::string& set, const Deadline& deadline) {
  Command command("UID STORE");
  command.word(set).word("+FLAGS.SILENT (\\Deleted)");
  return run_ok(dialogue, command, deadline);
}

// The UIDs that a SEARCH finds, ascending; none when the server does not tell.
Result<std::optional<std::vector<std::uint64_t>>> search(Dialogue& dialogue, std::string_view what, Step step,
                                                         const Deadline& deadline) {
  std::optional<std::vector<std::uint64_t>> uids;
  auto answer = dialogue.run(
      Command(what), step, deadline,
      [&](Response& response) {
        auto* hits = std::get_if<SearchHits>(&response);
        if (hits != nullptr) uids = std::move(hits->numbers);
      },
      kSearchLimits);
  if (!answer) return std::move(answer).error();
  if (answer->condition != Condition::ok) uids.reset();
  if (uids) {
    std::sort(uids->begin(), uids->end());
    uids->erase(std::unique(uids->begin(), uids->end()), uids->end());
  }
  return uids;
}

// Whether a plain EXPUNGE would take our mails alone. Another client may flag one between this answer and
// EXPUNGE; RFC 3501 has no way to close that gap, RFC 4315 was made for it.
Result<bool> only_ours_flagged(Dialogue& dialogue, const std::vector<std::uint64_t>& ours,
                               const Deadline& deadline) {
  auto flagged = search(dialogue, "UID SEARCH DELETED", Step::remove, deadline);
  if (!flagged) return std::move(flagged).error();
  return flagged->has_value() &&
         std::includes(ours.begin(), ours.end(), (*flagged)->begin(), (*flagged)->end());
}

Result<bool> flag_and_expunge(Dialogue& dialogue, const std::vector<std::uint64_t>& ours,
                              const std::vector<std::string>& sets, const Deadline& deadline) {
  const bool exact = dialogue.has("UIDPLUS") || dialogue.has("IMAP4REV2");
  for (const std::string& set : sets) {
    if (Status flagged = flag(dialogue, set, deadline); !flagged) return std::move(flagged).error();
    if (!exact) continue;
    Command command("UID EXPUNGE");
    if (Status done = run_ok(dialogue, command.word(set), deadline); !done) return std::move(done).error();
  }
  if (exact) return true;
  auto alone = only_ours_flagged(dialogue, ours, deadline);
  if (!alone || !*alone) return alone;
  if (Status done = run_ok(dialogue, Command("EXPUNGE"), deadline); !done) return std::move(done).error();
  return true;
}

// UID MOVE or UID COPY; a missing folder is made, once.
Status transfer(Dialogue& dialogue, std::string_view verb, const std::string& set, const std::string& folder,
                const Deadline& deadline) {
  for (bool created = false;; created = true) {
    Command command(verb);
    command.word(set).string(folder);
    auto answer = dialogue.run(command, Step::remove, deadline);
    if (!answer) return std::move(answer).error();
    if (answer->condition == Condition::ok) return {};
    const bool missing = answer->code == "TRYCREATE" || answer->code == "NONEXISTENT";
    if (created || !missing) {
      const Cause cause = missing ? Cause::mailbox_missing : Cause::refused;
      return dialogue.refusal(*answer, Step::remove, cause, Retry::later, "the folder for done mails");
    }
    Command create("CREATE");
    auto made = dialogue.run(create.string(folder), Step::remove, deadline);
    if (!made) return std::move(made).error();
    // Another session may have been faster.
    if (made->condition != Condition::ok && made->code != "ALREADYEXISTS") {
      return dialogue.refusal(*made, Step::remove, Cause::mailbox_missing, Retry::after_setup_change,
                              "the folder for done mails");
    }
  }
}

Status copy_unflagged(Dialogue& dialogue, const std::vector<std::uint64_t>& ours, const std::string& folder,
                      const Deadline& deadline) {
  // One that is flagged already was copied before the line broke, or at the latest poll when foreign mails
  // kept us from expunging: it must not pile up in the folder.
  auto flagged = search(dialogue, "UID SEARCH DELETED", Step::remove, deadline);
  if (!flagged) return std::move(flagged).error();
  std::vector<std::uint64_t> left = ours;
  if (*flagged) {
    left.clear();
    std::set_difference(ours.begin(), ours.end(), (*flagged)->begin(), (*flagged)->end(),
                        std::back_inserter(left));
  }
  for (const std::string& set : format_uid_sets(left)) {
    if (Status copied = transfer(dialogue, "UID COPY", set, folder, deadline); !copied) return copied;
  }
  return {};
}

}  // namespace

Result<bool> remove_mails(Dialogue& dialogue, const std::vector<std::uint64_t>& ascending,
                          const std::string& done_folder, const Deadline& deadline) {
  const auto sets = format_uid_sets(ascending);
  if (!done_folder.empty()) {
    if (dialogue.has("MOVE") || dialogue.has("IMAP4REV2")) {
      for (const std::string& set : sets) {
        if (Status moved = transfer(dialogue, "UID MOVE", set, done_folder, deadline); !moved) {
          return std::move(moved).error();
        }
      }
      return true;
    }
    if (Status copied = copy_unflagged(dialogue, ascending, done_folder, deadline); !copied) {
      return std::move(copied).error();
    }
  }
  return flag_and_expunge(dialogue, ascending, sets, deadline);
}

Result<std::optional<std::uint64_t>> count_hits(Dialogue& dialogue, std::string_view what, Step step,
                                                const Deadline& deadline) {
  auto hits = search(dialogue, what, step, deadline);
  if (!hits) return std::move(hits).error();
  return *hits ? std::optional<std::uint64_t>((*hits)->size()) : std::nullopt;
}

}  // namespace remotemail::imap
