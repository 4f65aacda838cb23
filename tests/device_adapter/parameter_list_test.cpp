// Decodes the memory dump by what the list itself says of it, and compares with the other lists.
#include <doctest/doctest.h>

#include <array>
#include <numeric>
#include <set>

#include "copier_fixture.hpp"
#include "core/text.hpp"

using namespace remotemail;
using namespace remotemail::test;

namespace {

constexpr std::size_t kBytes = 0x700;

std::size_t hex_number(std::string_view text) {
  return std::stoul(std::string(text), nullptr, 16);
}

// The memory; what no line shows is FF.
std::vector<unsigned> memory_of(const DeviceList& list) {
  std::vector<unsigned> memory(kBytes, 0xFF);
  for (const std::string& code : codes_of(list, "N-")) {
    const std::size_t address = hex_number(cell_of(list, code, "Address"));
    std::size_t at = address;
    const std::string line = cell_of(list, code, "Bytes");
    for (const std::string_view byte : split_words(line))
      memory.at(at++) = static_cast<unsigned>(hex_number(byte));
    CHECK(at == address + 16);
  }
  return memory;
}

// Another way than the library's: the remainder of the message as one polynomial, bit by bit.
unsigned crc_ccitt(const std::vector<unsigned>& bytes, std::size_t first, std::size_t count) {
  unsigned remainder = 0xFFFF;
  for (std::size_t bit = 0; bit < count * 8; ++bit) {
    const unsigned in = bytes[first + bit / 8] >> (7 - bit % 8) & 1U;
    const bool over = ((remainder >> 15U) ^ in) != 0;
    remainder = remainder << 1U & 0xFFFFU;
    if (over) remainder ^= 0x1021U;
  }
  return remainder;
}

class Memory {
 public:
  explicit Memory(const DeviceList& list) : list_(list), bytes_(memory_of(list)) {}

  // The bytes of a field as the map has it: first address, size of a value, how many.
  std::vector<std::uint64_t> values(std::string_view code) const {
    const std::size_t address = hex_number(cell_of(list_, code, "Address"));
    const std::string form = cell_of(list_, code, "Bytes");
    const auto words = split_words(form);
    const std::size_t count = words.size() == 3 ? parse_number(words[0]).value() : 1;
    const std::size_t size = parse_number(words.back()).value();
    std::vector<std::uint64_t> out;
    for (std::size_t i = 0; i < count; ++i) {
      std::uint64_t value = 0;
      for (std::size_t k = 0; k < size; ++k) value = value * 256 + bytes_.at(address + i * size + k);
      out.push_back(value);
    }
    return out;
  }
  const std::vector<unsigned>& bytes() const { return bytes_; }

 private:
  const DeviceList& list_;
  std::vector<unsigned> bytes_;
};

std::string field_that_holds(const DeviceList& list, std::string_view what) {
  for (const std::string& code : codes_of(list, "P-")) {
    if (cell_of(list, code, "Holds") == what) return code;
  }
  return "?";
}

}  // namespace

TEST_CASE("parameter list: the CRC is the one that the world knows, as is the test's") {
  const std::vector<unsigned> digits{'1', '2', '3', '4', '5', '6', '7', '8', '9'};
  CHECK(crc_ccitt(digits, 0, digits.size()) == 0x29B1);
}

TEST_CASE("parameter list: the checksums of lines, blocks and the whole are true [L]") {
  std::set<std::string> checksums;
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    CAPTURE(seed);
    const auto office = old_office(seed);
    const DeviceList list = office->list(ListId::parameter);
    for (const std::string& code : codes_of(list, "N-")) {
      CAPTURE(code);
      std::size_t sum = hex_number(cell_of(list, code, "Sum"));
      std::string text = "|";
      const std::string line = cell_of(list, code, "Bytes");
      for (const std::string_view byte : split_words(line)) {
        const std::size_t value = hex_number(byte);
        sum += value;
        text += value >= 0x20 && value < 0x7F ? static_cast<char>(value) : '.';
      }
      CHECK(sum % 256 == 0);
      CHECK(cell_of(list, code, "ASCII") == text + "|");
      CHECK(code == "N-" + cell_of(list, code, "Address"));
    }
    const std::vector<unsigned> memory = memory_of(list);
    for (std::size_t block = 0; block < 7; ++block) {
      CAPTURE(block);
      const std::string code = "B-" + std::to_string(block);
      const std::size_t from = hex_number(cell_of(list, code, "From")),
                        to = hex_number(cell_of(list, code, "To"));
      const unsigned crc = crc_ccitt(memory, from, to + 1 - from);
      CHECK(hex_number(cell_of(list, code, "CRC-16 stored")) == crc);
      CHECK(hex_number(cell_of(list, code, "computed")) == crc);
      CHECK(memory.at(to + 1) * 256 + memory.at(to + 2) == crc);
      CHECK(cell_of(list, code, "Check") == "good");
    }
    std::vector<unsigned> without_checksums;
    for (std::size_t at = 0; at < memory.size(); ++at) {
      if (at % 256 < 254) without_checksums.push_back(memory[at]);
    }
    CHECK(hex_number(cell_of(list, "B-ALL", "computed")) ==
          crc_ccitt(without_checksums, 0, without_checksums.size()));
    checksums.insert(cell_of(list, "B-ALL", "computed"));
  }
  CHECK(checksums.size() == 3);
}

TEST_CASE("parameter list: every counter in the memory is the counter list's, at any age [L] [G12]") {
  for (const int age : {0, 1, 100, 730}) {
    CAPTURE(age);
    Office office(3);
    office.pass(std::chrono::days{age} + std::chrono::hours{11});
    const DeviceList list = office.list(ListId::parameter), counters = office.counters();
    const Memory memory(list);
    std::size_t compared = 0;
    for (const std::string& code : codes_of(list, "P-")) {
      CAPTURE(code);
      const std::string same = cell_of(list, code, "Same as");
      if (!same.starts_with("counter ")) continue;
      const std::string counter = same.substr(8);
      CHECK(memory.values(code) == std::vector<std::uint64_t>{count_of(counters, counter)});
      CHECK(count_of(list, code, "Now") == count_of(counters, counter));
      if (counter != "C-03" && counter != "C-07") {
        CHECK(cell_of(list, code, "Holds") == find_row(counters, counter)->cells.at(0));
      }
      ++compared;
    }
    CHECK(compared >= 45);
  }
}

TEST_CASE("parameter list: model, serial number and installation stand in the memory [L]") {
  const auto office = old_office(9);
  const DeviceList list = office->list(ListId::parameter);
  const Memory memory(list);
  const DeviceIdentity identity = office->copier->identity({}).value();
  std::string text;
  for (std::size_t i = 0; i < 0x20; ++i) text += static_cast<char>(memory.bytes().at(i));
  CHECK(std::string(trim(text.substr(0, 16))) == identity.model);
  CHECK(std::string(trim(text.substr(16))) == identity.serial_number);
  CHECK(cell_of(list, "P-01", "Now") == identity.model);
  CHECK(cell_of(list, "P-02", "Now") == identity.serial_number);
  CHECK(cell_of(list, "P-04", "Now") == "2026-01-05");
  const DeviceList two = office->list(ListId::management2);
  const bool maintained = !codes_of(two, "PM-").empty();
  CHECK(maintained == (cell_of(list, "P-05", "Now") != "none"));
  if (maintained) CHECK(cell_of(two, "PM-01", "When (UTC)").starts_with(cell_of(list, "P-05", "Now")));
  CHECK(memory.values("P-04") == std::vector<std::uint64_t>{0x20260105});
}

TEST_CASE("parameter list: adjustment values in the memory are those of the adjustment data list [L]") {
  const auto office = old_office(4);
  const DeviceList list = office->list(ListId::parameter), adjustment = office->list(ListId::adjustment);
  const auto values = Memory(list).values(field_that_holds(list, "Adjustment values"));
  const auto codes = codes_of(adjustment, "A-");
  REQUIRE(values.size() == codes.size());
  for (std::size_t i = 0; i < codes.size(); ++i) {
    CAPTURE(codes[i]);
    std::string shown = cell_of(adjustment, codes[i], "Value");
    std::erase(shown, '.');
    CHECK(static_cast<std::int16_t>(values[i]) == std::stoi(shown));
  }
}

TEST_CASE(
    "parameter list: DIP switches are those of machine management list 1, operator switches those of the user management list [L]") {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    CAPTURE(seed);
    Office office(seed);
    const DeviceList list = office.list(ListId::parameter), management = office.list(ListId::management1);
    const DeviceList user = office.list(ListId::user);
    const Memory memory(list);

    const auto dips = memory.values(field_that_holds(list, "DIP switches, a byte a bank"));
    for (std::size_t bank = 0; bank < dips.size(); ++bank) {
      const std::string code = (bank < 9 ? "D-0" : "D-") + std::to_string(bank + 1);
      CAPTURE(code);
      CHECK(hex_number(cell_of(management, code, "Hex")) == dips[bank]);
      for (unsigned number = 1; number <= 8; ++number) {
        CHECK(count_of(management, code, "-" + std::to_string(number)) == (dips[bank] >> (number - 1) & 1U));
      }
    }

    const auto switches = memory.values(field_that_holds(list, "Operator switches"));
    REQUIRE(switches.size() == 3);
    std::size_t number = 0;
    for (const std::string& code : codes_of(user, "U-")) {
      if (cell_of(user, code, "Memory switch") == "no such cell") continue;
      CAPTURE(code);
      const bool on = (switches[number / 8] >> number % 8 & 1U) != 0;
      CHECK(cell_of(user, code, "Set to") == (on ? "on" : "off"));
      ++number;
    }
    for (std::size_t bank = 0; bank < 3; ++bank)
      CHECK(hex_number(cell_of(list, "O-0" + std::to_string(bank + 1), "Hex")) == switches[bank]);
  }
}

TEST_CASE(
    "parameter list: parts, jams, SCs, sizes, accounts and stored programs agree with the lists that show them [L]") {
  for (const std::uint64_t seed : {1U, 7145U}) {
    CAPTURE(seed);
    const auto office = old_office(seed);
    const DeviceList list = office->list(ListId::parameter), one = office->list(ListId::management1);
    const DeviceList two = office->list(ListId::management2), ekc = office->list(ListId::ekc);
    const Memory memory(list);
    const auto column = [&](const DeviceList& from, const std::vector<std::string>& codes,
                            std::string_view title) {
      std::vector<std::uint64_t> values;
      for (const std::string& code : codes) values.push_back(count_of(from, code, title));
      return values;
    };
    const auto held = [&](std::string_view what) { return memory.values(field_that_holds(list, what)); };

    std::vector<std::string> parts = codes_of(two, "F-");
    for (const std::string& code : codes_of(two, "S-")) parts.push_back(code);
    CHECK(held("Parts, counts") == column(two, parts, "Count"));
    CHECK(held("Parts, times replaced") == column(two, parts, "Times replaced"));
    CHECK(held("Jams, by code") == column(one, codes_of(one, "J-"), "Count"));
    CHECK(held("SC, by code") == column(one, codes_of(one, "SC"), "Count"));
    std::vector<std::string> sizes = codes_of(one, "P-");
    sizes.pop_back();  // their sum
    CHECK(held("Sides copied simplex, by size") == column(one, sizes, "Copy simplex"));
    CHECK(held("Sides copied duplex, by size") == column(one, sizes, "Copy duplex"));
    CHECK(held("Sides printed simplex, by size") == column(one, sizes, "Print simplex"));
    CHECK(held("Sides printed duplex, by size") == column(one, sizes, "Print duplex"));
    const auto accounts = codes_of(ekc, "E-");
    CHECK(held("E.K.C., copies") == column(ekc, accounts, "Copies"));
    CHECK(held("E.K.C., prints") == column(ekc, accounts, "Prints"));

    const DeviceList job = office->list(ListId::job);
    const std::uint64_t bits = held("Stored programs, in use").at(0);
    std::size_t place = 0;
    for (const std::string& code : codes_of(job, "J-")) {
      const bool in_use = (bits >> (24 - 8 * (place / 8) + place % 8) & 1U) != 0;
      CHECK(in_use == !cell_of(job, code, "Paper").empty());
      ++place;
    }
  }
}
