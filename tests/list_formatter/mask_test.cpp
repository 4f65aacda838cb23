#include <doctest/doctest.h>

#include "list_formatter/sample_lists.hpp"
#include "list_formatter/table.hpp"
#include "remotemail/list_formatter/list_formatter.hpp"

using namespace remotemail;
using samples::row;
using Kind = Column::Kind;

namespace {

bool says(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::string stand_in(std::string_view name) {
  return "P" + std::to_string(name.size());
}

}  // namespace

TEST_CASE("codes: a cell of a secret column is four asterisks, an empty one stays empty [L]") {
  const Section section{"", {{"Name", Kind::text}, {"Code", Kind::secret}}, {}, {}};
  DeviceList list{ListId::ekc, {section}};
  list.sections[0].rows = {row({}, {"a", "1"}), row({}, {"b", ""}), row({}, {"c", "  "}),
                           row({}, {"d", "****"}), row({}, {"e", std::string(5000, '7')})};
  CHECK(format_list(list).ends_with("Name  Code\n----  ----\na     ****\nb\nc\nd     ****\ne     ****\n"));
}

TEST_CASE("codes: they stay hidden in blocks, in the billing sentence and on the phone [L] [G10]") {
  Section wide{
      "", {{"Code", Kind::secret, "4711"}, {"Total", Kind::count}}, {row("C-1", {"48213377", "12"}, 1)}, {}};
  wide.rows[0].billing_total = true;
  wide.rows[0].phone_label = "Code";
  wide.rows[0].phone_value = " 48213377 ";
  DeviceList list{ListId::counter, {wide}};
  CHECK(format_phone_list(list, 20) == "Code: ****\n");
  CHECK(says(format_list(list), "* The billing total is C-1 ****: 12.\n"));
  CHECK_FALSE(says(format_list(list), "48213377"));
  list.sections[0].rows[0].phone_label = "48213377";
  CHECK(format_phone_list(list, 20) == "****: ****\n");
  for (int i = 0; i < 60; ++i) list.sections[0].columns.push_back({"Column", Kind::secret});
  list.sections[0].rows[0].cells.resize(62, "48213377");
  const std::string blocks = format_list(list);
  CHECK(says(blocks, "  Column: ****  "));
  CHECK_FALSE(says(blocks, "48213377"));
}

TEST_CASE(
    "names: mask_names puts a pseudonym in each cell of a person's column, and nothing else changes [L]") {
  DeviceList list = samples::accounts();
  mask_names(list, stand_in);
  for (const std::size_t section : {0U, 1U}) {
    CHECK(list.sections[section].rows[0].cells[0] == "P5");
    CHECK(list.sections[section].rows[1].cells[0] == "P11");  // the octets of "Müller, Jo"
  }
  DeviceList rest = samples::accounts();
  for (const std::size_t section : {0U, 1U}) {
    for (std::size_t i = 0; i < list.sections[section].rows.size(); ++i)
      rest.sections[section].rows[i].cells[0] = list.sections[section].rows[i].cells[0];
  }
  CHECK(format_list(list) == format_list(rest));
}

TEST_CASE(
    "names: equal names become equal pseudonyms whatever blanks stand around them; blank cells stay [L]") {
  const Section section{
      "",
      {{"Name", Kind::person}, {"Count", Kind::count}},
      {row({}, {" Jo ", "1"}), row({}, {"Jo", "2"}), row({}, {"", "3"}), row({}, {"  ", "4"}), row({}, {})},
      {}};
  DeviceList list{ListId::ekc, {section}};
  mask_names(list, stand_in);
  const auto& rows = list.sections[0].rows;
  CHECK(rows[0].cells[0] == "P2");
  CHECK(rows[1].cells[0] == "P2");
  CHECK(rows[2].cells[0].empty());
  CHECK(rows[3].cells[0] == "  ");
}

TEST_CASE("names: the same name on the row's phone line is masked too [L] [G10]") {
  Section section{"", {{"Name", Kind::person}}, {row("1", {"Sales"}, 1), row("2", {"Jo"}, 2)}, {}};
  section.rows[1].phone_label = "Name";
  DeviceList list{ListId::counter, {section}};
  mask_names(list, stand_in);
  CHECK(format_phone_list(list, 20) == "P5: P5\nName: P2\n");
}

TEST_CASE("names: a pseudonym of any length or kind leaves a reply within its limits [L] [G9]") {
  DeviceList list = samples::accounts();
  mask_names(list, [](std::string_view) { return std::string(300, '\xC3') + "\n"; });
  CHECK(samples::fault_of(format_list(list)) == "");
}
