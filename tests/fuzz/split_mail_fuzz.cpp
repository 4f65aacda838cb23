// A mail in parts: whatever is composed, its parts are within the limit, are parsed as mails, and make the whole; bytes
// that we did not compose are refused or split without harm. Input: a line each of limit, Subject and name, then the text.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "core/text.hpp"
#include "remotemail/core/limits.hpp"
#include "remotemail/protocol/message.hpp"

using namespace remotemail;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

std::string_view take_line(std::string_view& rest) {
  const std::string_view line = rest.substr(0, rest.find('\n'));
  rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  return line;
}

std::string id_of(std::size_t part, std::size_t parts) {
  return "part." + std::to_string(1000 + part) + "." + std::to_string(1000 + parts) + "@copier.example";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t limit = parse_number<std::uint16_t>(take_line(input)).value_or(1500);
  if (const auto parts = split_mail(input, limit, id_of)) {
    for (const MailPart& part : *parts) require(part.message.size() <= limit);
  }

  MailDraft draft;
  draft.message_id = "whole@copier.example";
  draft.from.address = "copier@copier.example";
  draft.to = "ce@example.com";
  draft.references = {"first@example.com", "second@example.com"};
  draft.subject = take_line(input);
  draft.from.display_name = take_line(input);
  draft.body = input;
  const auto whole = compose_mail(draft);
  if (!whole) return 0;
  const auto parts = split_mail(*whole, limit, id_of);
  if (!parts) {
    require(parts.error().cause == Cause::message_too_large);
    return 0;
  }
  require(!parts->empty() && parts->size() <= limits::kReplyParts);
  const std::string text = whole->substr(whole->find("\r\n\r\n") + 4);
  const std::size_t number_of_parts = parts->size();
  std::string together, head;
  for (std::size_t i = 1; i <= number_of_parts; ++i) {
    const MailPart& part = (*parts)[i - 1];
    require(part.message.size() <= limit && part.id == id_of(i, number_of_parts));
    const Mail mail = parse_mail(RawMail{{}, part.message.size(), part.message, true});
    require(mail.defects.empty() && mail.message_id == part.id && mail.references == draft.references);
    const std::string suffix = "(" + std::to_string(i) + "/" + std::to_string(number_of_parts) + ")";
    require(mail.subject.ends_with(suffix) && mail.subject.starts_with(trim(draft.subject)));
    const std::string own = part.message.substr(part.message.find("\r\n\r\n") + 4);
    const std::string number = std::to_string(i) + " of " + std::to_string(number_of_parts) + "\r\n\r\n";
    const std::size_t place = own.find("Part: ") == std::string::npos ? std::string::npos : own.find(number);
    require(place != std::string::npos);
    if (i == 1) head = own.substr(0, place);
    require(own.starts_with(head));
    together += own.substr(place + number.size());
  }
  // The head was the beginning of the text, with an empty line below; or there was none.
  require(text.ends_with(together));
  return 0;
}
