#include <doctest/doctest.h>

#include "copier_fixture.hpp"
#include "core/text.hpp"

using namespace remotemail;
using namespace remotemail::test;

TEST_CASE(
    "E.K.C. management list: the accounts add up to their totals, and these are the counter list's [L]") {
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    CAPTURE(seed);
    const auto office = old_office(seed);
    const DeviceList list = office->list(ListId::ekc), counters = office->counters();
    std::uint64_t count = 0, copies = 0, prints = 0;
    for (const std::string& code : codes_of(list, "E-")) {
      count += count_of(list, code, "Count");
      copies += count_of(list, code, "Copies");
      prints += count_of(list, code, "Prints");
    }
    CHECK(count > 10'000);
    CHECK(copies + prints == count);
    CHECK(count == count_of(counters, "C-82"));
    CHECK(copies == count_of(counters, "C-83"));
    CHECK(prints == count_of(counters, "C-84"));
    CHECK(count_of(list, "ET-1", "Sum of accounts") == count);
    CHECK(count_of(list, "ET-2", "Sum of accounts") == copies);
    CHECK(count_of(list, "ET-3", "Sum of accounts") == prints);
    for (const std::string& code : codes_of(list, "ET-")) {
      CHECK(cell_of(list, code, "Counter") == cell_of(list, code, "Sum of accounts"));
      CHECK(cell_of(list, code, "Check") == "agree");
    }
  }
}

TEST_CASE(
    "E.K.C. management list: the sizes of an account add up to its count, and no size is charged more often than printed [L]") {
  for (std::uint64_t seed = 0; seed < 2; ++seed) {
    CAPTURE(seed);
    const auto office = old_office(seed);
    const DeviceList list = office->list(ListId::ekc), counters = office->counters();
    const auto sizes = codes_of(list, "ES-");
    REQUIRE(sizes.size() == 14);
    for (std::uint64_t account = 1; account <= 12; ++account) {
      CAPTURE(account);
      std::uint64_t sum = 0;
      for (const std::string& size : sizes) sum += count_of(list, size, std::to_string(account));
      CHECK(sum == count_of(list, (account < 10 ? "E-0" : "E-") + std::to_string(account), "Count"));
    }
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      std::uint64_t sum = 0;
      for (std::uint64_t account = 1; account <= 12; ++account)
        sum += count_of(list, sizes[i], std::to_string(account));
      CHECK(sum == count_of(list, sizes[i], "All"));
      CHECK(sum <= count_of(counters, "C-" + std::to_string(51 + i)));
      CHECK(cell_of(list, sizes[i], "Paper") ==
            find_row(counters, "C-" + std::to_string(51 + i))->cells.at(0));
    }
  }
}

TEST_CASE(
    "E.K.C. management list: limit less count is what remains; an account at or near its limit is marked [L]") {
  std::size_t limited = 0, free = 0, marked = 0;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    CAPTURE(seed);
    Office office(seed);
    // Late in a month, when little is left.
    office.pass(std::chrono::days{25} + std::chrono::hours{11});
    const DeviceList list = office.list(ListId::ekc), settings = office.list(ListId::user);
    const auto warned_below = parse_number(cell_of(settings, "U-45", "Set to"));
    for (const std::string& code : codes_of(list, "E-")) {
      CAPTURE(code);
      const std::string mark = cell_of(list, code, "Check");
      if (cell_of(list, code, "Limit").empty()) {
        ++free;
        CHECK(cell_of(list, code, "Remaining").empty());
        CHECK(mark.empty());
        continue;
      }
      ++limited;
      const std::uint64_t remaining = count_of(list, code, "Remaining");
      CHECK(count_of(list, code, "Count") + remaining == count_of(list, code, "Limit"));
      const bool near = warned_below && remaining < *warned_below;
      CHECK(mark == (remaining == 0 ? "LIMIT REACHED" : near ? "nearly used up" : ""));
      if (!mark.empty()) ++marked;
    }
  }
  CHECK(free > 0);
  CHECK(limited > free);
  CHECK(marked > 0);
  CHECK(marked < limited / 2);
}

TEST_CASE(
    "E.K.C. management list: names are marked as persons and codes as secret, so that they can be masked [L]") {
  Office office;
  const DeviceList list = office.list(ListId::ekc);
  bool beyond_ascii = false;
  for (const Section& section : list.sections) {
    for (const Row& row : section.rows) {
      if (!row.code.starts_with("E-")) continue;
      REQUIRE(section.columns.at(0).kind == Column::Kind::person);
      REQUIRE(section.columns.at(1).kind == Column::Kind::secret);
      CHECK(row.cells[0].size() >= 3);
      CHECK(row.cells[1].size() >= 4);
      CHECK(row.cells[1].size() <= 8);
      for (const char c : row.cells[0]) beyond_ascii = beyond_ascii || !is_printable(c);
      // In no other list, byte by byte or otherwise.
      for (const ListWord& word : kListWords) {
        if (word.id == ListId::ekc) continue;
        CHECK(text_of(office.list(word.id)).find(row.cells[0]) == std::string::npos);
      }
    }
  }
  CHECK(beyond_ascii);
}
