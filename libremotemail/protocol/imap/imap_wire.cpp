#include "protocol/imap/imap_wire.hpp"

#include <array>
#include <utility>

#include "core/text.hpp"

namespace remotemail::imap {
namespace {

constexpr std::array<std::pair<std::string_view, Condition>, 5> kConditions{{
    {"OK", Condition::ok},
    {"NO", Condition::no},
    {"BAD", Condition::bad},
    {"BYE", Condition::bye},
    {"PREAUTH", Condition::preauth},
}};

std::optional<Condition> condition_of(std::string_view word) {
  for (const auto& [name, condition] : kConditions) {
    if (equal_ignoring_case(word, name)) return condition;
  }
  return std::nullopt;
}

// resp-text; what looks like a code but lacks its bracket is text.
StatusText read_status(Decoder& in, Condition condition) {
  StatusText status;
  status.condition = condition;
  std::string_view text = trim(in.text());
  status.whole = std::string(text);
  if (!text.empty() && text.front() == '[') {
    const auto end = text.find(']');
    if (end != std::string_view::npos) {
      const std::string_view inside = trim(text.substr(1, end - 1));
      const auto blank = inside.find(' ');
      status.code = upper(inside.substr(0, blank));
      if (blank != std::string_view::npos) status.argument = std::string(trim(inside.substr(blank)));
      text = trim(text.substr(end + 1));
    }
  }
  status.text = std::string(text);
  return status;
}

// Behind BODY: "[HEADER]<0> {12}". Without a bracket it is BODYSTRUCTURE's short form, which nobody
// asked for.
void read_body(Decoder& in, Fetched& out) {
  if (!in.special('[')) {
    if (in.expect_special(' ')) in.expect_any_value();
    return;
  }
  BodyPart part;
  std::string_view section;
  // The atom runs up to the blank or bracket behind it; a section with a list of fields is never asked for.
  if (!in.expect_atom(section)) return;
  if (section.back() != ']') {
    in.fail(Cause::protocol_violation, "a body section that was not asked for");
    return;
  }
  section.remove_suffix(1);
  part.section = upper(section);
  if (in.special('<')) {
    std::string_view end;
    if (!in.expect_number(part.origin) || !in.expect_atom(end)) return;
    if (end != ">") {
      in.fail(Cause::protocol_violation, "a malformed origin");
      return;
    }
  }
  if (in.expect_special(' ') && in.expect_nstring(part.bytes)) out.parts.push_back(std::move(part));
}

void read_size(Decoder& in, Fetched& out) {
  std::string_view word;
  if (!in.expect_atom(word)) return;
  out.size = parse_number<std::uint64_t>(word).value_or(kUnknownSize);
}

Fetched read_fetch(Decoder& in, std::uint64_t number) {
  Fetched out;
  out.number = number;
  if (!in.expect_special(' ') || !in.expect_special('(')) return out;
  while (in.ok()) {
    while (in.special(' ')) {
    }
    if (in.special(')')) break;
    std::string_view name;
    if (!in.expect_atom(name)) break;
    if (equal_ignoring_case(name, "BODY")) {
      read_body(in, out);
      continue;
    }
    const bool is_uid = equal_ignoring_case(name, "UID");
    const bool is_size = equal_ignoring_case(name, "RFC822.SIZE");
    if (!in.expect_special(' ')) break;
    if (is_uid) {
      std::uint64_t uid = 0;
      if (in.expect_number(uid)) out.uid = uid;
    } else if (is_size) {
      read_size(in, out);
    } else {
      in.expect_any_value();
    }
  }
  in.expect_end();
  return out;
}

Response read_numbered(Decoder& in, std::uint64_t number) {
  std::string_view word;
  if (!in.expect_special(' ') || !in.expect_atom(word)) return Other{};
  if (equal_ignoring_case(word, "EXISTS")) {
    in.expect_end();
    return Exists{number};
  }
  if (equal_ignoring_case(word, "EXPUNGE")) {
    in.expect_end();
    return Expunged{number};
  }
  if (equal_ignoring_case(word, "FETCH")) return read_fetch(in, number);
  Other other{upper(word)};
  in.expect_rest();
  return other;
}

Response read_search(Decoder& in) {
  SearchHits hits;
  while (in.special(' ')) {
    std::uint64_t hit = 0;
    if (in.at_end()) break;
    if (in.expect_number(hit)) hits.numbers.push_back(hit);
  }
  in.expect_end();
  return hits;
}

Response read_untagged(Decoder& in) {
  std::uint64_t number = 0;
  if (in.number(number)) return read_numbered(in, number);
  std::string_view word;
  if (!in.expect_atom(word)) return Other{};
  if (!is_alpha(word.front())) {
    in.fail(Cause::protocol_violation, "no response that is known");
    return Other{};
  }
  if (const auto condition = condition_of(word)) return Untagged{read_status(in, *condition)};
  if (equal_ignoring_case(word, "SEARCH")) return read_search(in);
  if (equal_ignoring_case(word, "CAPABILITY")) {
    auto names = parse_capabilities(in.text());
    if (!names) {
      in.fail(names.error().cause, names.error().detail);
      return Other{};
    }
    return Capabilities{*std::move(names)};
  }
  Other other{upper(word)};
  in.expect_rest();
  return other;
}

Response read_tagged(Decoder& in) {
  std::string_view word;
  if (!in.expect_atom(word)) return Other{};
  Tagged tagged{std::string(word), {}};
  if (!in.expect_special(' ') || !in.expect_atom(word)) return Other{};
  const auto condition = condition_of(word);
  if (!condition || *condition == Condition::bye || *condition == Condition::preauth) {
    in.fail(Cause::protocol_violation, "an answer that is neither OK, NO nor BAD");
    return Other{};
  }
  tagged.status = read_status(in, *condition);
  return tagged;
}

Response read_any(Decoder& in) {
  if (!in.begin()) return Other{};
  if (in.special('+')) return Continuation{std::string(trim(in.text()))};
  if (!in.special('*')) return read_tagged(in);
  return in.expect_special(' ') ? read_untagged(in) : Other{};
}

}  // namespace

Result<std::vector<std::string>> parse_capabilities(std::string_view words) {
  const auto found = split_words(words);
  if (found.size() > limits::kServerReplyLines) {
    return make_error(Cause::answer_too_large, Step::none, std::to_string(found.size()) + " capabilities");
  }
  std::vector<std::string> names;
  names.reserve(found.size());
  for (const std::string_view word : found) names.push_back(upper(word));
  return names;
}

Result<Response> read_response(WireSource& source, const ResponseLimits& limits) {
  Decoder in(source, limits);
  Response response = read_any(in);
  if (!in.ok()) return in.error();
  return response;
}

}  // namespace remotemail::imap
