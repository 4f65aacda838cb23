// What came of one planned item (design, step 5): what the formatter turns into a reply.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "remotemail/core/clock.hpp"
#include "remotemail/core/device_list.hpp"
#include "remotemail/core/limits.hpp"
#include "remotemail/core/plan.hpp"
#include "remotemail/core/result.hpp"

namespace remotemail {

struct ListRead { DeviceList list; bool phone = false; };
struct ListMissing {          // a list the machine does not have, or cannot read now; answered in words (G)
  ListId list = ListId::counter;
  bool phone = false;
  Error reason;               // Cause::device_*; device_unsupported: there is no such list
};
struct PasswordChanged { std::string new_password; };                 // F16
struct PasswordRefused { enum class Why { old_wrong, form } why; };    // F17, F18
struct HelpAsked {            // F22, E16
  bool no_command = false;
  std::vector<ListId> offered;            // what this machine offers
  std::chrono::minutes interval{10};
  std::optional<WallTime> last_poll;
  std::uint64_t size_limit = limits::kDefaultMailSize;         // D6
  std::uint64_t mails_per_poll = limits::kMailsExecutedPerPoll;  // D2
};
struct NotFound {};           // E9, E13: the lines stand in the plan's item

using OutcomeValue = std::variant<ListRead, ListMissing, PasswordChanged, PasswordRefused, HelpAsked, NotFound>;

struct Outcome {
  PlannedItem item;
  OutcomeValue value;
};

// What stands above every reply (G3–G7).
struct ReplyHead {
  DeviceIdentity device;
  std::string nickname;      // may be blank
  std::string requested_by;  // address
  bool announce_delay = false;                  // B34
  std::optional<std::chrono::seconds> delay;    // none: the mail's Date was missing or unreadable
  std::chrono::minutes utc_offset{0};           // for times shown in texts (B12)
  bool mask_passwords = false;                  // security.mask_passwords
};

// A reply as text (design, step 6): ASCII, lines <= 128 columns, LF line ends.
struct ReplyText {
  std::string topic;  // the Subject's title, without nickname
  std::string body;
};

}  // namespace remotemail
