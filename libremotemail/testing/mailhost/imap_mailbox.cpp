// The part of the IMAP session that works on folders.
#include <algorithm>

#include "core/text.hpp"
#include "testing/mailhost/imap_session.hpp"

namespace remotemail::testing::mailhost {
namespace {

std::string joined(const std::vector<std::uint32_t>& numbers) {
  std::string text;
  for (const std::uint32_t number : numbers) text += (text.empty() ? "" : ",") + std::to_string(number);
  return text;
}

bool is_folder_name(std::string_view name) {
  return !name.empty() && name.size() <= 100 && std::ranges::all_of(name, is_printable) &&
         name.find_first_of("*%") == std::string_view::npos;
}

}  // namespace

bool ImapSession::obey_selected(const ImapCommand& command) {
  const std::string& verb = command.verb;
  const bool removes = verb == "expunge" || verb == "move" || verb == "store" || verb == "close";
  const bool known = removes || verb == "search" || verb == "fetch" || verb == "copy" || verb == "check" ||
                     verb == "unselect";
  if (!known || (verb == "move" && state().lacks("MOVE")) ||
      (verb == "expunge" && command.uid && state().lacks("UIDPLUS")))
    return false;
  if (folder_.empty()) {
    bad("SELECT first");
  } else if (removes && read_only_ && verb != "close") {
    no("[READ-ONLY] it was EXAMINEd");
  } else if (verb == "search") {
    search(command);
  } else if (verb == "fetch") {
    fetch(command);
  } else if (verb == "store") {
    store(command);
  } else if (verb == "copy" || verb == "move") {
    copy(command, verb == "move");
  } else if (verb == "expunge") {
    expunge(command);
  } else if (verb == "check") {
    tell_changes(true);
    ok("done");
  } else {
    if (verb == "close" && !read_only_) remove_deleted(std::nullopt);
    unselect();
    ok("done");
  }
  return true;
}

void ImapSession::unselect() {
  folder_.clear();
  view_.clear();
}

void ImapSession::select(const ImapCommand& command, bool read_only) {
  unselect();
  if (command.arguments.size() != 1) return bad("which folder?");
  const std::string& name = command.arguments[0].text;
  std::uint32_t validity = 0;
  const bool there = state().with_folder(user_, name, [&](const Folder& folder) {
    validity = folder.uid_validity;
    known_next_ = folder.uid_next;
    for (const StoredMail& mail : folder.mails) view_.push_back(mail.uid);
  });
  if (!there) return no("[NONEXISTENT] no such folder");
  folder_ = name;
  read_only_ = read_only;
  const std::string flags = flag_list(kSeen | kDeleted | kAnswered | kFlagged | kDraft);
  say("* FLAGS " + flags);
  say("* " + std::to_string(view_.size()) + " EXISTS");
  say("* 0 RECENT");
  say("* OK [PERMANENTFLAGS " + (read_only ? std::string("()") : flags) + "] kept in memory");
  say("* OK [UIDVALIDITY " + std::to_string(validity) + "] until it ends");
  say("* OK [UIDNEXT " + std::to_string(known_next_) + "] next");
  ok(read_only ? "[READ-ONLY] done" : "[READ-WRITE] done");
}

void ImapSession::create(const ImapCommand& command) {
  if (command.arguments.size() != 1 || !is_folder_name(command.arguments[0].text))
    return bad("which folder?");
  if (!state().create_folder(user_, command.arguments[0].text))
    return no("[ALREADYEXISTS] it is there, or there are too many");
  ok("done");
}

void ImapSession::list(const ImapCommand& command) {
  if (command.arguments.size() != 2) return bad("two arguments");
  const std::string answer = "* " + upper(command.verb);
  const std::string pattern = command.arguments[0].text + command.arguments[1].text;
  if (command.arguments[1].text.empty()) {
    say(answer + " (\\Noselect) \"/\" \"\"");
    return ok("done");
  }
  for (const std::string& name : state().folders(user_)) {
    if (matches_pattern(name == "INBOX" ? upper(pattern) : pattern, name))
      say_octets(answer + " () \"/\" " + imap_string(name) + "\r\n", answer + " " + name + " ");
  }
  ok("done");
}

void ImapSession::status(const ImapCommand& command) {
  if (command.arguments.size() != 2 || command.arguments[1].kind != Argument::Kind::list)
    return bad("STATUS folder (items)");
  std::string items;
  bool known = true;
  const bool there = state().with_folder(user_, command.arguments[0].text, [&](const Folder& folder) {
    for (const Argument& item : command.arguments[1].items) {
      const std::string word = upper(item.text);
      const auto unseen = std::ranges::count_if(
          folder.mails, [](const StoredMail& mail) { return (mail.flags & kSeen) == 0; });
      items += (items.empty() ? "" : " ") + word + " ";
      if (word == "MESSAGES")
        items += std::to_string(folder.mails.size());
      else if (word == "UIDNEXT")
        items += std::to_string(folder.uid_next);
      else if (word == "UIDVALIDITY")
        items += std::to_string(folder.uid_validity);
      else if (word == "UNSEEN")
        items += std::to_string(unseen);
      else if (word == "RECENT")
        items += "0";
      else
        known = false;
    }
  });
  if (!there) return no("[NONEXISTENT] no such folder");
  if (!known) return bad("an item is not known here");
  say("* STATUS " + imap_string(command.arguments[0].text) + " (" + items + ")");
  ok("done");
}

std::optional<std::vector<std::uint32_t>> ImapSession::numbers_of(const std::string& set, bool uid) const {
  const std::uint32_t count = static_cast<std::uint32_t>(view_.size());
  const auto ranges = parse_number_set(set, uid ? (view_.empty() ? 0 : view_.back()) : count);
  if (!ranges) return std::nullopt;
  // A UID that is not there is no error, a number is (RFC 3501, 6.4.8 and 9).
  if (!uid && std::ranges::any_of(*ranges, [&](const NumberRange& range) { return range.high > count; }))
    return std::nullopt;
  std::vector<std::uint32_t> numbers;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (holds(*ranges, uid ? view_[i] : i + 1)) numbers.push_back(i + 1);
  }
  return numbers;
}

void ImapSession::tell_changes(bool removals) {
  if (folder_.empty()) return;
  state().with_folder(user_, folder_, [&](Folder& folder) {
    std::vector<std::uint32_t> view;
    for (const std::uint32_t uid : view_) {
      if (!removals || folder.find(uid) != nullptr)
        view.push_back(uid);
      else
        say("* " + std::to_string(view.size() + 1) + " EXPUNGE");
    }
    const std::size_t old = view.size();
    for (const StoredMail& mail : folder.mails) {
      if (mail.uid >= known_next_) view.push_back(mail.uid);
    }
    known_next_ = folder.uid_next;
    if (view.size() > old) say("* " + std::to_string(view.size()) + " EXISTS");
    view_ = std::move(view);
  });
}

void ImapSession::search(const ImapCommand& command) {
  std::vector<NumberedMail> mails;
  state().with_folder(user_, folder_, [&](Folder& folder) {
    for (std::uint32_t i = 0; i < view_.size(); ++i) {
      if (const StoredMail* mail = folder.find(view_[i])) mails.push_back({i + 1, *mail});
    }
  });
  const auto found = search_mails(command.arguments, mails, command.uid);
  if (!found) return bad("a key is not known here");
  std::string answer = "* SEARCH";
  for (const std::uint32_t number : *found) answer += " " + std::to_string(number);
  say(answer);
  tell_changes(command.uid);
  ok("done");
}

void ImapSession::fetch(const ImapCommand& command) {
  if (command.arguments.size() != 2) return bad("FETCH set items");
  const auto numbers = numbers_of(command.arguments[0].text, command.uid);
  auto items = parse_fetch_items(command.arguments[1]);
  if (!numbers || !items) return bad(numbers ? "an item is not known here" : "a wrong set");
  const auto has = [&](FetchItem::What what) {
    return std::ranges::any_of(*items, [&](const FetchItem& item) { return item.what == what; });
  };
  if (command.uid && !has(FetchItem::What::uid))
    items->insert(items->begin(), FetchItem{FetchItem::What::uid, "UID"});
  const bool sets_seen =
      !read_only_ && std::ranges::any_of(*items, [](const FetchItem& item) { return item.sets_seen; });
  std::vector<FetchItem> with_flags = *items;
  if (!has(FetchItem::What::flags)) with_flags.push_back({FetchItem::What::flags, "FLAGS"});
  for (const std::uint32_t number : *numbers) {
    std::optional<StoredMail> mail;
    bool changed = false;
    state().with_folder(user_, folder_, [&](Folder& folder) {
      StoredMail* stored = folder.find(view_[number - 1]);
      if (stored == nullptr) return;
      changed = sets_seen && (stored->flags & kSeen) == 0;
      if (changed) stored->flags |= kSeen;
      mail = *stored;
    });
    if (!mail) continue;  // another session has removed it; tell_changes() says so when it may
    const std::string head = "* " + std::to_string(number) + " FETCH (";
    say_octets(head + fetch_answer(changed ? with_flags : *items, *mail) + ")\r\n",
               head + "UID " + std::to_string(mail->uid) + " ...) ");
  }
  tell_changes(command.uid);
  ok("done");
}

void ImapSession::store(const ImapCommand& command) {
  const auto& arguments = command.arguments;
  if (arguments.size() < 3) return bad("STORE set what flags");
  const auto numbers = numbers_of(arguments[0].text, command.uid);
  std::string what = upper(arguments[1].text);
  const bool silent = what.ends_with(".SILENT");
  if (silent) what.resize(what.size() - 7);
  if (!numbers || (what != "FLAGS" && what != "+FLAGS" && what != "-FLAGS"))
    return bad("a wrong set or item");
  unsigned flags = 0;
  const bool in_list = arguments[2].kind == Argument::Kind::list;
  for (const Argument& word : in_list ? arguments[2].items : arguments) flags |= flag_of(word.text);
  state().with_folder(user_, folder_, [&](Folder& folder) {
    for (const std::uint32_t number : *numbers) {
      StoredMail* mail = folder.find(view_[number - 1]);
      if (mail == nullptr) continue;
      mail->flags = what == "FLAGS" ? flags : what == "+FLAGS" ? mail->flags | flags : mail->flags & ~flags;
      if (silent) continue;
      const std::string uid = command.uid ? "UID " + std::to_string(mail->uid) + " " : "";
      say("* " + std::to_string(number) + " FETCH (" + uid + "FLAGS " + flag_list(mail->flags) + ")");
    }
  });
  tell_changes(command.uid);
  ok("done");
}

void ImapSession::copy(const ImapCommand& command, bool move) {
  if (command.arguments.size() != 2) return bad("set and folder");
  const auto numbers = numbers_of(command.arguments[0].text, command.uid);
  if (!numbers) return bad("a wrong set");
  std::vector<StoredMail> taken;
  state().with_folder(user_, folder_, [&](Folder& folder) {
    for (const std::uint32_t number : *numbers) {
      if (const StoredMail* mail = folder.find(view_[number - 1])) taken.push_back(*mail);
    }
  });
  std::vector<std::uint32_t> from, to;
  std::uint32_t validity = 0;
  bool room = true;
  const bool there = state().with_folder(user_, command.arguments[1].text, [&](Folder& folder) {
    room = folder.mails.size() + taken.size() <= Folder::kMostMails;
    if (!room) return;
    validity = folder.uid_validity;
    for (const StoredMail& mail : taken) {
      from.push_back(mail.uid);
      to.push_back(folder.add(mail));
    }
  });
  if (!there) return no("[TRYCREATE] no such folder");
  if (!room) return no("[LIMIT] too many mails");
  const bool tells = !state().lacks("UIDPLUS") && !from.empty();
  const std::string told =
      tells ? "[COPYUID " + std::to_string(validity) + " " + joined(from) + " " + joined(to) + "] " : "";
  if (!move) {
    tell_changes(command.uid);
    return ok(told + "done");
  }
  if (tells) say("* OK " + told + "moved");
  state().with_folder(user_, folder_, [&](Folder& folder) {
    std::erase_if(folder.mails,
                  [&](const StoredMail& mail) { return std::ranges::binary_search(from, mail.uid); });
  });
  tell_changes(true);
  ok("done");
}

std::size_t ImapSession::remove_deleted(const std::optional<std::vector<NumberRange>>& uids) {
  std::size_t removed = 0;
  state().with_folder(user_, folder_, [&](Folder& folder) {
    removed = std::erase_if(folder.mails, [&](const StoredMail& mail) {
      return (mail.flags & kDeleted) != 0 && (!uids || holds(*uids, mail.uid));
    });
  });
  state().count_removed(Service::imap, user_, removed);
  return removed;
}

void ImapSession::expunge(const ImapCommand& command) {
  std::optional<std::vector<NumberRange>> uids;
  if (command.uid) {
    if (command.arguments.size() == 1)
      uids = parse_number_set(command.arguments[0].text, view_.empty() ? 0 : view_.back());
    if (!uids) return bad("UID EXPUNGE set");
  } else if (!command.arguments.empty()) {
    return bad("EXPUNGE takes nothing");
  }
  remove_deleted(uids);
  tell_changes(true);
  ok("done");
}

}  // namespace remotemail::testing::mailhost
