// The sums across the lists of one moment. Knows codes and columns' titles, nothing of layouts.
#include <doctest/doctest.h>

#include <algorithm>

#include "copier_fixture.hpp"
#include "device_adapter/office_work.hpp"
#include "remotemail/list_formatter/list_formatter.hpp"

using namespace remotemail;
using namespace remotemail::test;
using namespace std::chrono_literals;
using std::chrono::days;

namespace {

std::string code(const char* prefix, unsigned number) {
  return prefix + std::string(number < 10 ? "0" : "") + std::to_string(number);
}

std::uint64_t counters(const DeviceList& list, unsigned first, unsigned last) {
  std::uint64_t sum = 0;
  for (unsigned number = first; number <= last; ++number) sum += count_of(list, code("C-", number));
  return sum;
}

void check_counters(const DeviceList& counter) {
  const std::uint64_t total = count_of(counter, "C-01");
  CHECK(counters(counter, 11, 12) == total);
  CHECK(counters(counter, 51, 64) == total);
  CHECK(counters(counter, 65, 66) == total);
  CHECK(counters(counter, 41, 43) == total);
  CHECK(count_of(counter, "C-81") + count_of(counter, "C-82") + count_of(counter, "C-85") == total);
  CHECK(counters(counter, 83, 84) == count_of(counter, "C-82"));
  CHECK(count_of(counter, "C-81") + count_of(counter, "C-83") <= count_of(counter, "C-11"));
  CHECK(count_of(counter, "C-84") <= count_of(counter, "C-12"));
  CHECK(counters(counter, 14, 15) == count_of(counter, "C-13"));
  CHECK(counters(counter, 32, 36) == count_of(counter, "C-31"));
  CHECK(count_of(counter, "C-31") + count_of(counter, "C-13") == total);
  CHECK(counters(counter, 92, 95) == count_of(counter, "C-91"));
  CHECK(count_of(counter, "C-02") + count_of(counter, "C-05") >= count_of(counter, "C-03"));
}

void check_management1(const DeviceList& counter, const DeviceList& list) {
  const std::uint64_t total = count_of(counter, "C-01");
  CHECK(count_of(list, "M-07", "Value") == total);
  for (unsigned size = 1; size <= 14; ++size) {
    CAPTURE(size);
    CHECK(count_of(list, code("P-", size), "Total") == count_of(counter, code("C-", 50 + size)));
    CHECK(cell_of(list, code("P-", size), "Size") == cell_of(counter, code("C-", 50 + size), "Counter"));
  }
  for (const char* column : {"Copy simplex", "Copy duplex", "Print simplex", "Print duplex", "Total"}) {
    CAPTURE(column);
    CHECK(sum_of(list, "P-", column) == 2 * count_of(list, "P-15", column));
  }
  CHECK(count_of(list, "P-15", "Total") == total);
  CHECK(count_of(list, "P-15", "Copy simplex") + count_of(list, "P-15", "Copy duplex") ==
        count_of(counter, "C-11"));
  CHECK(count_of(list, "P-15", "Copy duplex") == 2 * count_of(counter, "C-14"));
  CHECK(count_of(list, "P-15", "Print duplex") == 2 * count_of(counter, "C-15"));

  // Jams and service calls: by code, by place, the newest.
  const std::uint64_t jams = count_of(counter, "C-91"), calls = count_of(counter, "C-96");
  CHECK(sum_of(list, "J-", "Count") == jams);
  CHECK(sum_of(list, "SC", "Count") == calls);
  const char* places[] = {"Feed", "Transport", "ADF", "Finisher"};
  for (unsigned place = 0; place < 4; ++place) {
    std::uint64_t here = 0;
    for (const std::string& jam : codes_of(list, "J-")) {
      if (cell_of(list, jam, "Place") == places[place]) here += count_of(list, jam, "Count");
    }
    CHECK(here == count_of(counter, code("C-", 92 + place)));
  }
  struct Newest {
    const char *prefix, *column, *by_code;
    std::uint64_t all;
  };
  for (const Newest& newest : {Newest{"JN-", "Jam", "", jams}, Newest{"SN-", "SC", "SC", calls}}) {
    const auto rows = codes_of(list, newest.prefix);
    CHECK(rows.size() == std::min<std::uint64_t>(newest.all, 10));
    std::uint64_t later = total;
    std::string later_day = "9999";
    for (const std::string& row : rows) {
      CHECK(count_of(list, row, "Total count") <= later);
      later = count_of(list, row, "Total count");
      CHECK(cell_of(list, row, "When (UTC)") <= later_day);
      later_day = cell_of(list, row, "When (UTC)");
      CHECK(count_of(list, newest.by_code + cell_of(list, row, newest.column), "Count") >= 1);
    }
  }
}

void check_management2(const DeviceList& counter, const DeviceList& list) {
  const std::uint64_t total = count_of(counter, "C-01"), pm = count_of(counter, "C-02");
  CHECK(count_of(list, "U-01", "Count") == pm);
  CHECK(count_of(list, "U-01", "Limit") == count_of(counter, "C-03"));
  for (unsigned tray = 1; tray <= 5; ++tray) {
    CHECK(count_of(list, code("Q-", tray), "Passed") == count_of(counter, code("C-", 31 + tray)));
  }
  CHECK(count_of(list, "Q-06", "Passed") == total);
  CHECK(count_of(list, "Q-06", "passed") == pm);
  CHECK(count_of(list, "Q-10", "Passed") == count_of(counter, "C-31"));
  CHECK(count_of(list, "Q-10", "Jams") == count_of(counter, "C-91"));
  CHECK(sum_of(list, "Q-", "Jams") == 2 * count_of(counter, "C-91"));
  CHECK(sum_of(list, "Q-", "Since PM: jams") == 2 * count_of(list, "Q-10", "Since PM: jams"));
  CHECK(count_of(list, "Q-08", "Jams") == count_of(counter, "C-94"));
  CHECK(count_of(list, "Q-09", "Jams") == count_of(counter, "C-95"));

  const auto resets = codes_of(list, "PM-"), bottles = codes_of(list, "T-");
  CHECK(resets.size() == std::min<std::uint64_t>(count_of(counter, "C-04"), 10));
  CHECK(bottles.size() == std::min<std::uint64_t>(count_of(counter, "C-07"), 10));
  if (!resets.empty()) CHECK(count_of(list, resets[0], "Total count") + pm == total);
  if (count_of(counter, "C-04") == 0) CHECK(pm == total);
  std::uint64_t replaced = 0;
  for (const char* kind : {"F-", "S-"}) {
    for (const std::string& part : codes_of(list, kind)) {
      CAPTURE(part);
      const std::uint64_t count = count_of(list, part, "Count"), limit = count_of(list, part, "Limit");
      const std::uint64_t tenths = count * 1'000 / limit;
      CHECK(cell_of(list, part, "Used") == std::to_string(tenths / 10) + "." + std::to_string(tenths % 10));
      const std::string need = cell_of(list, part, "Need");
      if (need != "ordered") CHECK(need == (tenths >= 1'000 ? "due" : tenths >= 900 ? "soon" : ""));
      // Whatever is needed is to be brought along.
      if (!need.empty()) CHECK(cell_of(list, "B" + part, "Number") == cell_of(list, part, "Number"));
      if (kind[0] == 'F') CHECK(count <= total);
      replaced += count_of(list, part, "Times replaced");
    }
  }
  CHECK(replaced >= sum_of(list, "PM-", "Parts replaced"));
}

void check_pixel(const DeviceList& counter, const DeviceList& management2, const DeviceList& list) {
  const std::uint64_t total = count_of(counter, "C-01"), pm = count_of(counter, "C-02");
  CHECK(count_of(list, "X-01", "All sides") == total);
  CHECK(count_of(list, "X-01", "Copies") == count_of(counter, "C-11"));
  CHECK(count_of(list, "X-01", "Prints") == count_of(counter, "C-12"));
  CHECK(count_of(list, "X-03", "All sides") == pm);
  for (unsigned size = 1; size <= 14; ++size) {
    CAPTURE(size);
    CHECK(count_of(list, code("Y-", size), "All sides") == count_of(counter, code("C-", 50 + size)));
  }
  CHECK(count_of(list, "Y-15", "All sides") == total);
  for (const char* column : {"Copies", "Prints", "All sides", "Toner sides", "PM sides"}) {
    CHECK(sum_of(list, "Y-", column) == 2 * count_of(list, "Y-15", column));
  }
  CHECK(count_of(list, "Y-15", "Toner sides") == count_of(list, "X-02", "All sides"));
  CHECK(count_of(list, "Y-15", "PM sides") == pm);
  const auto bottles = codes_of(management2, "T-");
  const std::uint64_t changed = bottles.empty() ? 0 : count_of(management2, bottles[0], "Total count");
  CHECK(changed + count_of(list, "X-02", "All sides") == total);
  CHECK(sum_of(list, "H-", "Sides") == std::min<std::uint64_t>(total, 1'000));
}

void check_all(Office& office) {
  const DeviceList counter = office.counters(), management2 = office.list(ListId::management2);
  check_counters(counter);
  check_management1(counter, office.list(ListId::management1));
  check_management2(counter, management2);
  check_pixel(counter, management2, office.list(ListId::pixel));
  CHECK(sum_of(office.list(ListId::management1), "J-", "Since PM") ==
        count_of(management2, "Q-10", "Since PM: jams"));
  CHECK(office.total() == count_of(counter, "C-01"));
}

}  // namespace

TEST_CASE("lists: the totals of all lists agree, for several seeds and at any age of the machine [L]") {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    CAPTURE(seed);
    Office office(seed);
    check_all(office);
    for (const auto age : {5h, 30h, 500h, 3'000h, 9'000h, 20'000h}) {
      office.clock.wall = kBirth + age;
      CAPTURE(age.count());
      check_all(office);
    }
  }
}

TEST_CASE("lists: they agree after whatever was pressed at any moment, and after a restart [L]") {
  Office office(99);
  Draws draws(1, 2);
  for (int press = 0; press < 120; ++press) {
    CAPTURE(press);
    office.pass(std::chrono::minutes{draws.below(12'000)});
    switch (draws.below(6)) {
      case 0:
        (void)office.copier->make_copies(1 + draws.below(9'999));
        break;
      case 1:
        (void)office.copier->set_state(DeviceState::jam);
        break;
      case 2:
        (void)office.copier->set_state(DeviceState::service_call);
        break;
      case 3:
        (void)office.copier->set_power(PowerSwitch::sub, draws.chance(1, 2));
        break;
      case 4:
        (void)office.copier->set_state(DeviceState::low_power);
        break;
      default:
        (void)office.copier->set_state(DeviceState::ready);
    }
    if (is_off(office.copier->state())) continue;
    check_all(office);
    if (press % 10 != 0) continue;
    const std::string before = text_of(office);
    office.restart();
    CHECK(text_of(office) == before);
  }
  CHECK(office.copier->skipped_records() == 0);
}

TEST_CASE("lists: each row of each list is one line of the mail, of a new machine and of one at its end [G9]") {
  for (const auto age : {0h, 20'000h, 24h * 36'525}) {
    Office office;
    office.pass(age);
    for (const ListWord& word : kListWords) {
      if (!office.copier->supports(word.id)) continue;
      CAPTURE(word.title);
      const DeviceList list = office.list(word.id);
      const std::string body = PlainTextFormatter().format({}, {{}, ListRead{list, false}}).body;
      for (const Section& section : list.sections) {
        for (const Row& row : section.rows) {
          CAPTURE(row.code);
          const auto begin = body.find("\n" + row.code + " ");
          REQUIRE(begin != std::string::npos);
          const std::string line = body.substr(begin + 1, body.find('\n', begin + 1) - begin - 1);
          CHECK(line.size() <= 128);
          for (std::size_t i = 0; i < row.cells.size(); ++i) {
            const Column::Kind kind = section.columns[i].kind;
            if (kind == Column::Kind::person || kind == Column::Kind::secret) continue;
            CHECK(line.find(transliterate(row.cells[i])) != std::string::npos);
          }
        }
      }
    }
  }
}
