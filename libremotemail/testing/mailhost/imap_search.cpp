#include <functional>

#include "core/text.hpp"
#include "testing/mailhost/imap_mail.hpp"

namespace remotemail::testing::mailhost {
namespace {

constexpr unsigned kDepth = 8;

using Test = std::function<bool(const NumberedMail&)>;

struct FlagKey {
  std::string_view word;
  unsigned flag;
  bool wanted;
};
constexpr FlagKey kFlagKeys[] = {{"SEEN", kSeen, true},         {"UNSEEN", kSeen, false},
                                 {"DELETED", kDeleted, true},   {"UNDELETED", kDeleted, false},
                                 {"ANSWERED", kAnswered, true}, {"UNANSWERED", kAnswered, false},
                                 {"FLAGGED", kFlagged, true},   {"UNFLAGGED", kFlagged, false},
                                 {"DRAFT", kDraft, true},       {"UNDRAFT", kDraft, false}};

// Whether a field of that name holds the text, without regard to case; folded lines count as one.
bool header_holds(std::string_view mail, std::string_view field, const std::string& text) {
  std::string line;
  const auto fits = [&] {
    return starts_ignoring_case(line, field) && line.size() > field.size() && line[field.size()] == ':' &&
           lower(std::string_view(line).substr(field.size() + 1)).find(text) != std::string::npos;
  };
  while (!mail.empty()) {
    const std::size_t end = mail.find('\n');
    const std::string_view piece = trim(mail.substr(0, end));
    const bool folded = is_blank(mail.front());
    mail.remove_prefix(end == std::string_view::npos ? mail.size() : end + 1);
    if (!folded && fits()) return true;
    if (piece.empty()) return false;
    line = folded ? line + " " + std::string(piece) : std::string(piece);
  }
  return fits();
}

class KeyReader {
 public:
  KeyReader(const std::vector<Argument>& keys, std::uint32_t largest, std::uint32_t largest_uid)
      : keys_(keys), largest_(largest), largest_uid_(largest_uid) {}

  // All the keys there are; nothing: one is not known.
  std::optional<Test> all(unsigned depth) {
    std::vector<Test> tests;
    while (at_ < keys_.size()) {
      auto test = one(depth);
      if (!test) return std::nullopt;
      tests.push_back(std::move(*test));
    }
    if (tests.empty()) return std::nullopt;
    return [tests](const NumberedMail& mail) {
      for (const Test& test : tests) {
        if (!test(mail)) return false;
      }
      return true;
    };
  }

 private:
  const std::string* text() {
    if (at_ >= keys_.size() || keys_[at_].kind == Argument::Kind::list) return nullptr;
    return &keys_[at_++].text;
  }

  std::optional<Test> one(unsigned depth) {
    if (depth > kDepth || at_ >= keys_.size()) return std::nullopt;
    const Argument& key = keys_[at_++];
    if (key.kind == Argument::Kind::list) return KeyReader(key.items, largest_, largest_uid_).all(depth + 1);
    if (key.kind != Argument::Kind::atom) return std::nullopt;
    const std::string word = upper(key.text);
    if (word == "ALL") return [](const NumberedMail&) { return true; };
    for (const FlagKey& known : kFlagKeys) {
      if (word == known.word)
        return [known](const NumberedMail& mail) {
          return ((mail.mail.flags & known.flag) != 0) == known.wanted;
        };
    }
    if (word == "NOT") {
      auto test = one(depth + 1);
      if (!test) return std::nullopt;
      return [test = std::move(*test)](const NumberedMail& mail) { return !test(mail); };
    }
    if (word == "UID") {
      const std::string* set = text();
      const auto ranges = set != nullptr ? parse_number_set(*set, largest_uid_) : std::nullopt;
      if (!ranges) return std::nullopt;
      return [ranges = *ranges](const NumberedMail& mail) { return holds(ranges, mail.mail.uid); };
    }
    if (word == "LARGER" || word == "SMALLER") {
      const std::string* size = text();
      const auto limit = size != nullptr ? parse_number(*size) : std::nullopt;
      if (!limit) return std::nullopt;
      return [larger = word == "LARGER", limit = *limit](const NumberedMail& mail) {
        return larger ? mail.mail.bytes->size() > limit : mail.mail.bytes->size() < limit;
      };
    }
    if (word == "HEADER" || word == "SUBJECT" || word == "FROM" || word == "TO") {
      const std::string* field = word == "HEADER" ? text() : &word;
      const std::string* wanted = field != nullptr ? text() : nullptr;
      if (wanted == nullptr) return std::nullopt;
      return [field = *field, wanted = lower(*wanted)](const NumberedMail& mail) {
        return header_holds(*mail.mail.bytes, field, wanted);
      };
    }
    const auto ranges = parse_number_set(word, largest_);
    if (!ranges) return std::nullopt;
    return [ranges = *ranges](const NumberedMail& mail) { return holds(ranges, mail.number); };
  }

  const std::vector<Argument>& keys_;
  const std::uint32_t largest_, largest_uid_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<std::vector<std::uint32_t>> search_mails(const std::vector<Argument>& keys,
                                                       const std::vector<NumberedMail>& mails, bool uid) {
  const std::uint32_t largest = mails.empty() ? 0 : mails.back().number;
  const std::uint32_t largest_uid = mails.empty() ? 0 : mails.back().mail.uid;
  const auto test = KeyReader(keys, largest, largest_uid).all(0);
  if (!test) return std::nullopt;
  std::vector<std::uint32_t> found;
  for (const NumberedMail& mail : mails) {
    if ((*test)(mail)) found.push_back(uid ? mail.mail.uid : mail.number);
  }
  return found;
}

}  // namespace remotemail::testing::mailhost
