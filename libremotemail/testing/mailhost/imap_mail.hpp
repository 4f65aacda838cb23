// What IMAP says of one mail: FETCH's answers and SEARCH's keys. No I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "testing/mailhost/host_state.hpp"
#include "testing/mailhost/imap_command.hpp"

namespace remotemail::testing::mailhost {

std::string flag_list(unsigned flags);  // `(\Seen \Deleted)`
unsigned flag_of(std::string_view);     // 0: none that is kept here

struct FetchItem {
  enum class What { uid, flags, size, date, body } what = What::uid;
  std::string label = {};    // as the answer calls it: `BODY[HEADER]<0>`
  std::string section = {};  // of body: empty, HEADER or TEXT
  bool sets_seen = false;
  bool partial = false;
  std::uint64_t offset = 0, count = 0;
};
// Nothing: an item that is not known here.
std::optional<std::vector<FetchItem>> parse_fetch_items(const Argument&);
std::string fetch_answer(const std::vector<FetchItem>&, const StoredMail&);  // what stands in the brackets

struct NumberedMail {
  std::uint32_t number = 0;  // in the session's view
  StoredMail mail;
};
// The numbers (with `uid`: the UIDs) of those that all keys fit. Nothing: a key that is not known here.
std::optional<std::vector<std::uint32_t>> search_mails(const std::vector<Argument>& keys,
                                                       const std::vector<NumberedMail>&, bool uid);

}  // namespace remotemail::testing::mailhost
