#include <doctest/doctest.h>

#include "list_formatter/lines.hpp"
#include "list_formatter/samples.hpp"
#include "list_formatter/table.hpp"
#include "remotemail/core/limits.hpp"

using namespace remotemail;
using namespace remotemail::layout;
using samples::row;
using Kind = Column::Kind;

namespace {

DeviceList list_of(Section section) {
  DeviceList list;
  list.sections = {std::move(section)};
  return list;
}

// The lines of a list with one section, without title and the lines around it.
std::string table(Section section) {
  const std::string text = format_list(list_of(std::move(section)));
  return text.substr(text.find("\n\n") + 2);
}

// A generator that is the same everywhere.
class Chance {
 public:
  explicit Chance(std::uint32_t seed) : state_(seed * 2654435761U + 1) {}
  std::size_t below(std::size_t limit) {
    state_ = state_ * 1664525U + 1013904223U;
    return (state_ >> 8U) % limit;
  }
  std::string text(std::size_t most) {
    std::string out;
    const bool words = below(3) > 0;
    for (std::size_t n = below(below(8) == 0 ? most : 12); n > 0; --n) {
      out += words && below(6) == 0 ? ' ' : static_cast<char>(below(9) == 0 ? below(256) : 'a' + below(26));
    }
    return out;
  }

 private:
  std::uint32_t state_;
};

DeviceList random_list(std::uint32_t seed) {
  Chance chance(seed);
  DeviceList list;
  list.id = static_cast<ListId>(chance.below(kListCount));
  for (std::size_t sections = chance.below(5); sections > 0; --sections) {
    Section section{chance.text(300), {}, {}, chance.text(500)};
    const std::size_t columns = chance.below(chance.below(4) == 0 ? 60 : 9);
    for (std::size_t i = 0; i < columns; ++i) {
      section.columns.push_back({chance.text(80), static_cast<Kind>(chance.below(8)), chance.text(20)});
    }
    for (std::size_t rows = chance.below(20); rows > 0; --rows) {
      Row row;
      if (chance.below(3) > 0) row.code = chance.text(30);
      for (std::size_t cells = chance.below(columns + 3); cells > 0; --cells)
        row.cells.push_back(chance.text(400));
      row.billing_total = chance.below(9) == 0;
      row.phone_rank = static_cast<unsigned>(chance.below(30));
      row.phone_label = chance.text(40);
      row.phone_value = chance.text(90);
      section.rows.push_back(std::move(row));
    }
    list.sections.push_back(std::move(section));
  }
  return list;
}

}  // namespace

TEST_CASE("table: columns are aligned, numbers at the right, the code first, the unit in the title [L]") {
  Section section{"Parts",
                  {{"Name", Kind::text, {}},
                   {"Used", Kind::count, "sheets"},
                   {"Wear", Kind::percent, "%"},
                   {"At", Kind::hex, {}}},
                  {},
                  "A note."};
  section.rows = {row("P-1", {"Drum", "98765", "12.5", "FF"}),
                  row("P-22", {"Developing unit", "7", "100", "1"})};
  CHECK(table(section) ==
        "Parts\n"
        "Code  Name             Used (sheets)  Wear (%)  At\n"
        "----  ---------------  -------------  --------  --\n"
        "P-1   Drum                     98765      12.5  FF\n"
        "P-22  Developing unit              7     100    1\n"
        "A note.\n");
}

TEST_CASE("table: without codes there is no column for them, without titles no title line [L]") {
  CHECK(table({"", {{"A", Kind::text, {}}}, {row({}, {"x"})}, {}}) == "A\n-\nx\n");
  CHECK(table({"", {{"", Kind::text, {}}, {"", Kind::text, {}}}, {row({}, {"x", "y"})}, {}}) == "x  y\n");
}

TEST_CASE("table: missing cells are blank and cells without a column are shown all the same [L]") {
  CHECK(table({"",
               {{"A", Kind::text, {}}, {"B", Kind::text, {}}},
               {row({}, {"x"}), row({}, {"1", "2", "3"})},
               {}}) == "A  B\n-  -  -\nx\n1  2  3\n");
}

TEST_CASE("table: blanks within a cell stay, as in a dump of memory [L]") {
  CHECK(table({"", {{"Text", Kind::text, {}}, {"Sum", Kind::hex, {}}}, {row({}, {"  a  b ", "0F"})}, {}}) ==
        "Text     Sum\n-------  ---\n  a  b   0F\n");
}

TEST_CASE("table: the billing total is marked and named in a sentence [L]") {
  Section section{"",
                  {{"Item", Kind::text, {}}, {"Count", Kind::count, {}}},
                  {row("C-1", {"Total", "12"}), row("C-2", {"Copy", "7"})},
                  {}};
  CHECK(table(section).find('*') == std::string::npos);
  section.rows[0].billing_total = true;
  CHECK(table(section) ==
        "Code  Item   Count\n----  -----  -----\nC-1   Total     12  *\nC-2   Copy       7\n* The billing "
        "total is C-1 Total: 12.\n");
}

TEST_CASE(
    "table: texts too wide for a line are wrapped within their column, numbers are never broken [L] [G9]") {
  Section section{
      "", {{"Name", Kind::text, {}}, {"Count", Kind::count, {}}, {"Meaning", Kind::text, {}}}, {}, {}};
  std::string words;
  for (int i = 0; i < 60; ++i) words += "word" + std::to_string(i) + " ";
  section.rows = {row("C-01", {words, "123456789012345678901234567890", words})};
  const std::string text = table(section);
  CHECK(samples::fault_of(text) == "");
  CHECK(text.find("123456789012345678901234567890") != std::string::npos);
  for (int i = 0; i < 60; ++i) CHECK(text.find("word" + std::to_string(i)) != std::string::npos);
  CHECK(samples::lines_of(text).size() > 5);
}

TEST_CASE("table: a number that does not fit between many texts makes these narrower still [L] [G9]") {
  Section section{"", {{"Count", Kind::count, {}}}, {row({}, {"1234567890123456789012345"})}, {}};
  for (int i = 0; i < 9; ++i) {
    section.columns.push_back({"Text", Kind::text, {}});
    section.rows[0].cells.push_back(std::string(100, 'x'));
  }
  const std::string text = table(section);
  CHECK(text.find("\n1234567890123456789012345  xxxxxxxxx  xxxxxxxxx") != std::string::npos);
  CHECK(samples::fault_of(text) == "");
}

TEST_CASE("table: a section with more columns than a line can hold shows each row as a block [L] [G9]") {
  Section section;
  Row many;
  many.code = "X-1";
  for (int i = 0; i < 50; ++i) {
    section.columns.push_back({"Column " + std::to_string(i), Kind::count, {}});
    many.cells.push_back(std::to_string(1000 + i));
  }
  section.rows = {many};
  std::string text = table(section);
  CHECK(text.starts_with("Code: X-1\n  Column 0: 1000   Column 1: 1001   Column 2: 1002 "));
  CHECK(text.ends_with("  Column 49: 1049\n"));
  CHECK(samples::lines_of(text).size() == 1 + 8);  // seven a line
  // A long one among them: each has lines of its own, and nothing is lost.
  section.rows[0].cells[1] = std::string(200, 'x') + " yyy";
  section.rows[0].billing_total = true;
  text = table(section);
  CHECK(text.starts_with("Code: X-1\n  Column 0: 1000\n  Column 1:\n  xxxxx"));
  CHECK(text.find(" yyy\n  Column 2: 1002\n") != std::string::npos);
  CHECK(text.find("\n  *\n* The billing total is X-1: 1000.\n") != std::string::npos);
  CHECK(samples::fault_of(text) == "");
}

TEST_CASE("table: sections with the same columns stand below each other, under the titles of the first [L]") {
  const std::vector<Column> columns{{"Item", Kind::text}, {"Count", Kind::count}};
  DeviceList list{ListId::counter,
                  {{"One", columns, {row("A-1", {"a", "1"})}, "Note."},
                   {"Two", columns, {row("A-2", {"longer", "1234567"})}, {}},
                   {"None", columns, {}, {}},
                   {"Three", columns, {row("A-3", {"b", "2"})}, {}}}};
  CHECK(format_list(list) ==
        "Counter list\n============\n\n"
        "One\nCode  Item      Count\n----  ------  -------\nA-1   a             1\nNote.\n\n"
        "Two\nA-2   longer  1234567\n\n"
        "None\nNo entries.\n\n"
        "Three\nCode  Item  Count\n----  ----  -----\nA-3   b         2\n");
}

TEST_CASE(
    "table: titles are repeated where those above would be off the screen, and where columns differ [L]") {
  const auto titles = [](const DeviceList& list) {
    const std::string text = format_list(list);
    std::size_t found = 0;
    for (auto at = text.find("Item"); at != std::string::npos; at = text.find("Item", at + 1)) ++found;
    return found;
  };
  Section section{"", {{"Item", Kind::text}, {"Count", Kind::count}}, {}, {}};
  for (int i = 0; i < 10; ++i) section.rows.push_back(row({}, {"a", "1"}));
  DeviceList list{ListId::counter, {section, section, section}};
  CHECK(titles(list) == 1);
  list.sections.insert(list.sections.end(), 4, section);
  CHECK(titles(list) == 3);
  list.sections = {section, section};
  list.sections[1].columns[1].unit = "sides";
  CHECK(titles(list) == 2);
  list.sections[1].columns[1] = {"Count", Kind::text};
  CHECK(titles(list) == 2);
}

TEST_CASE(
    "table: the points of numbers stand below each other through sections that look like one table [L]") {
  const std::vector<Column> columns{{"Item", Kind::text}, {"Value", Kind::number}};
  const DeviceList list{ListId::adjustment,
                        {{"Edges", columns, {row({}, {"a", "-0.25"})}, {}},
                         {"Heat", columns, {row({}, {"b", "185"})}, {}},
                         {"Loop", columns, {row({}, {"c", "5.5"})}, {}}}};
  CHECK(format_list(list).ends_with(
      "Item   Value\n----  ------\na      -0.25\n\nHeat\nb     185\n\nLoop\nc       5.5\n"));
}

TEST_CASE("table: no section is wrapped for the sake of another's widths [L]") {
  const std::vector<Column> columns{{"Left", Kind::text}, {"Right", Kind::text}};
  const std::string wide(100, 'w');
  const DeviceList list{
      ListId::counter,
      {{"", columns, {row({}, {wide, "r"})}, {}}, {"", columns, {row({}, {"l", wide})}, {}}}};
  const std::string text = format_list(list);
  CHECK(text.find("\n" + wide + "  r\n") != std::string::npos);
  CHECK(text.find("\nl     " + wide + "\n") != std::string::npos);
}

TEST_CASE("table: the points of numbers stand below each other, and a percentage names its unit [L]") {
  Section section{
      "", {{"Value", Kind::number, "mm"}, {"Worn", Kind::percent}, {"In %", Kind::percent}}, {}, {}};
  section.rows = {row({}, {"-1.25", "12.5", "1"}), row({}, {"3", "100", "2"}), row({}, {" +0.5 ", "", "3"})};
  CHECK(table(section) ==
        "Value (mm)  Worn (%)  In %\n"
        "----------  --------  ----\n"
        "     -1.25      12.5     1\n"
        "      3        100       2\n"
        "     +0.5                3\n");
  section.rows[0].cells[0] = "0.1234567";  // more places than a person compares
  CHECK(table(section).find("\n         3     100       2\n") != std::string::npos);
}

TEST_CASE("table: a column that has neither title nor text is left out, one with a title stays [L]") {
  CHECK(table({"",
               {{"A", Kind::text}, {"", Kind::text}, {"B", Kind::text}, {"", Kind::count}},
               {row({}, {"a", " ", "", "1"}), row({}, {"b", "", "", ""})},
               {}}) == "A  B\n-  -  -\na     1\nb\n");
}

TEST_CASE("table: dates and dumps are not broken while words can give way [L]") {
  Section section{"",
                  {{"Meaning", Kind::text}, {"When", Kind::date}, {"Bytes", Kind::hex}},
                  {row({}, {std::string(200, 'x'), "2026-01-02 03:04", "00 01 02 03 04 05 06 07"})},
                  {}};
  CHECK(table(section).find("  2026-01-02 03:04  00 01 02 03 04 05 06 07\n") != std::string::npos);
  section.rows[0].cells[2] = std::string(500, 'F');  // then they have to
  CHECK(samples::fault_of(table(section)) == "");
}

TEST_CASE("table: text of the device in any characters is as wide as it looks [L] [G9]") {
  CHECK(table({"",
               {{"Gr\xC3\xB6\xC3\x9F"
                 "e",
                 Kind::text},
                {"\xE6\x97\xA5", Kind::text, "\xC2\xB5m"}},
               {row({}, {"\xE2\x82\xAC"
                         "5",
                         "\xFF\xFE"}),
                row({}, {"line\nbreak", "x"})},
               {}}) == "Groesse     ? (um)\n----------  ------\nEUR5        ??\nline break  x\n");
}

TEST_CASE("table: a cell of 1000 characters is shown whole, in lines of its own column [L] [G9]") {
  std::string cell;
  for (int i = 0; i < 200; ++i) cell += std::to_string(1000 + i) + " ";
  cell.pop_back();
  const std::string text = table({"", {{"A", Kind::text}, {"B", Kind::count}}, {row({}, {cell, "7"})}, {}});
  CHECK(samples::fault_of(text) == "");
  for (int i = 0; i < 200; ++i) CHECK(text.find(std::to_string(1000 + i)) != std::string::npos);
}

TEST_CASE("table: sections without rows and lists without sections say so [L]") {
  CHECK(table({"Newest SCs", {{"SC", Kind::hex, {}}}, {}, {}}) == "Newest SCs\nNo entries.\n");
  CHECK(table({"Remark", {}, {}, "Nothing to count."}) == "Remark\nNothing to count.\n");
  CHECK(format_list({}) == "Counter list\n============\n\nThis list is empty.\n");
}

TEST_CASE("table: a list ends at 256 KiB with a line that says so [G]") {
  Section section{"", {{"Number", Kind::number, {}}, {"Text", Kind::text, {}}}, {}, {}};
  for (int i = 0; i < 20'000; ++i) section.rows.push_back(row({}, {std::to_string(i), "some text"}));
  const std::string text = table(section);
  const std::string whole = format_list(list_of(section));
  const auto on_wire = whole.size() + static_cast<std::size_t>(std::count(whole.begin(), whole.end(), '\n'));
  CHECK(on_wire <= limits::kListBytes);
  CHECK(on_wire > limits::kListBytes - 200);
  CHECK(text.ends_with("[The list is longer than a mail may be. The rest is cut.]\n"));
  section.rows.resize(5000);
  CHECK(table(section).ends_with("  4999  some text\n"));
}

TEST_CASE("table: one huge cell neither breaks a line nor fills the list [G9]") {
  const std::string text = table(
      {"", {{"A", Kind::text, {}}}, {row({}, {std::string(3'000'000, 'x')})}, std::string(3'000'000, 'y')});
  CHECK(samples::fault_of(text) == "");
  CHECK(text.size() < 3000);
}

TEST_CASE("table: no list of any machine makes a line over 128 characters or a list over 256 KiB [G9]") {
  for (std::uint32_t seed = 0; seed < 400; ++seed) {
    CAPTURE(seed);
    const std::string text = format_list(random_list(seed));
    CHECK(samples::fault_of(text) == "");
    CHECK(text.size() <= limits::kListBytes);
  }
}

TEST_CASE("phone: rows come by their rank, each as label and value [G10]") {
  CHECK(format_phone_list(samples::counters(), 20) ==
        "Total: 1234567\nCopy: 1200001\nPrint: 34566\nPM: 48211\nA4: 1100000\nA3: 134567\n");
  CHECK(format_phone_list(samples::counters(), 4) ==
        "Total: 1234567\nCopy: 1200001\nPrint: 34566\nPM: 48211\n");
  CHECK(format_phone_list(samples::counters(), 0).empty());
  CHECK(format_phone_list({}, 20) == "No counters.\n");
}

TEST_CASE(
    "phone: what is too wide goes on in a second line, and a row that does not fit ends the list [G10]") {
  Section section;
  section.rows = {row("1", {"Developing unit", "1234567890123"}, 1), row("2", {"Drum", "5"}, 2)};
  const DeviceList list = list_of(section);
  CHECK(format_phone_list(list, 20) == "Developin...:\n 1234567890123\nDrum: 5\n");
  CHECK(format_phone_list(list, 1).empty());
}

TEST_CASE(
    "phone: no list of any machine makes a line over 24 characters or more lines than there is room [G10]") {
  for (std::uint32_t seed = 0; seed < 400; ++seed) {
    CAPTURE(seed);
    const std::string text = format_phone_list(random_list(seed), 12);
    if (!text.empty()) CHECK(samples::fault_of(text, limits::kPhoneColumns, 12) == "");
  }
}

TEST_CASE("wrap: breaks at blanks where it can, elsewhere where it must") {
  using Pieces = std::vector<std::string>;
  CHECK(wrap("", 5) == Pieces{""});
  CHECK(wrap("abcde", 5) == Pieces{"abcde"});
  CHECK(wrap("abcde f", 5) == Pieces{"abcde", "f"});
  CHECK(wrap("ab cde f", 5) == Pieces{"ab", "cde f"});
  CHECK(wrap("abcdefghijkl", 5) == Pieces{"abcde", "fghij", "kl"});
  CHECK(wrap("  abcdefgh", 5) == Pieces{"  abc", "defgh"});
  CHECK(wrap("ab       ", 5) == Pieces{"ab   "});
  CHECK(wrap("abcdefghijkl", 5, 2) == Pieces{"abcde", "fg..."});
  CHECK(wrap("abc", 0) == Pieces{"a", "b", "c"});
}
