// sources: core/text.cpp core/result.cpp core/words.cpp testing/mailhost/imap_command.cpp
// testing/mailhost/imap_fetch.cpp testing/mailhost/imap_search.cpp testing/mailhost/fault.cpp The memory mail
// host's own grammars: IMAP commands and faults.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "testing/mailhost/fault.hpp"
#include "testing/mailhost/imap_mail.hpp"

using namespace remotemail::testing::mailhost;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto fault = parse_fault(input);
  if (fault) {
    require(fault->first >= 1 && fault->first <= fault->last);
    require(fault->delay.count() <= 60'000);
    require(fault->text.find_first_of("\r\n") == std::string::npos);
  }
  const auto command = parse_command(input);
  if (!command) return 0;
  require(!command->tag.empty() && command->tag == tag_of(input));
  StoredMail mail;
  mail.uid = 3;
  mail.bytes = std::make_shared<const std::string>("Subject: a\r\n b\r\n\r\nbody\r\n");
  for (const Argument& argument : command->arguments) {
    if (const auto items = parse_fetch_items(argument))
      require(items->empty() == fetch_answer(*items, mail).empty());
    const auto ranges = parse_number_set(argument.text, 7);
    if (!ranges) continue;
    for (const NumberRange& range : *ranges) require(range.low <= range.high && holds(*ranges, range.high));
    matches_pattern(argument.text, "INBOX/a");
  }
  const auto found = search_mails(command->arguments, {{1, mail}}, true);
  if (found) require(found->size() <= 1);
  return 0;
}
