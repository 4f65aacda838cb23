// What holds for each of the ten lists.
#include <set>

#include "list_reading.hpp"
#include "remotemail/core/limits.hpp"
#include "remotemail/list_formatter/list_formatter.hpp"
#include "remotemail/testing/device_contract.hpp"

using namespace remotemail;
using namespace remotemail::test;
using std::chrono::days;

namespace {

std::vector<std::string> lines_of(const DeviceList& list) {
  const std::string body = PlainTextFormatter().format({}, {{}, ListRead{list, false}}).body;
  std::vector<std::string> lines;
  for (const std::string_view line : split(body, '\n')) lines.emplace_back(line);
  return lines;
}

// Whether one line holds the row's code and each of its cells that is shown as it is.
bool stands_in_one_line(const std::vector<std::string>& lines, const Section& section, const Row& row) {
  for (const std::string& line : lines) {
    if (!line.starts_with(row.code + " ") && line != row.code) continue;
    bool whole = true;
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const Column::Kind kind = section.columns.at(i).kind;
      if (kind == Column::Kind::person || kind == Column::Kind::secret) continue;
      whole = whole && line.find(transliterate(row.cells[i])) != std::string::npos;
    }
    if (whole) return true;
  }
  return false;
}

}  // namespace

TEST_CASE(
    "every list: the copier has all ten, on the day it is installed and after two years, and each keeps the contract [L]") {
  for (const std::uint64_t seed : {7145U, 1U, 2U, 3U}) {
    CAPTURE(seed);
    Office office(seed);
    for (const auto age : {days{0}, days{40}, days{690}}) {
      office.pass(age);
      for (const ListWord& word : kListWords) {
        CAPTURE(word.title);
        REQUIRE(office.copier->supports(word.id));
        const DeviceList list = read(office, word.id);
        CHECK(testing::check_device_list(list, word.id) == std::vector<std::string>{});
      }
    }
  }
}

TEST_CASE("every list: each row stands in one line of at most 128 columns, after twenty years too [G9] [L]") {
  for (const std::uint64_t seed : {7145U, 5U}) {
    Office office(seed);
    for (const auto age : {days{0}, days{730}, days{20 * 365}}) {
      office.pass(age);
      for (const ListWord& word : kListWords) {
        CAPTURE(word.title);
        const DeviceList list = read(office, word.id);
        const std::vector<std::string> lines = lines_of(list);
        for (const std::string& line : lines) CHECK(line.size() <= limits::kReplyColumns);
        for (const Section& section : list.sections) {
          for (const Row& row : section.rows) {
            CAPTURE(row.code);
            CHECK(stands_in_one_line(lines, section, row));
          }
        }
      }
    }
  }
}

TEST_CASE(
    "every list: what the key operator and the engineer left on a machine differs from seed to seed [L]") {
  for (const ListId id : {ListId::job, ListId::user, ListId::adjustment, ListId::parameter, ListId::ekc}) {
    CAPTURE(word_of(id).title);
    std::set<std::string> texts;
    for (std::uint64_t seed = 0; seed < 6; ++seed) {
      Office office(seed);
      office.pass(days{60});
      texts.insert(text_of(read(office, id)));
      Office again(seed);
      again.pass(days{60});
      CHECK(texts.contains(text_of(read(again, id))));
    }
    CHECK(texts.size() == 6);
  }
}
