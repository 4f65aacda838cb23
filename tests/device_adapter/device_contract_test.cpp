#include "remotemail/testing/device_contract.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <stdexcept>
#include <utility>

#include "copier_fixture.hpp"
#include "remotemail/core/limits.hpp"
#include "remotemail/testing/fake_device.hpp"

using namespace remotemail;
using namespace remotemail::test;
using namespace remotemail::testing;
using namespace std::chrono_literals;

namespace {

bool names(const std::vector<std::string>& findings, std::string_view place, std::string_view fault) {
  for (const std::string& finding : findings) {
    if (finding.starts_with(place) && finding.find(fault) != std::string::npos) return true;
  }
  for (const std::string& finding : findings) MESSAGE(finding);
  return false;
}

Row& row_of(DeviceList& list, std::size_t at) {
  return list.sections.at(0).rows.at(at);
}

}  // namespace

TEST_CASE("device contract: the simulated copier keeps it, whatever it went through") {
  Office office;
  CHECK(check_device_contract(*office.copier, office.clock) == std::vector<std::string>{});
  office.pass(std::chrono::days{400});
  for (const auto state : {DeviceState::jam, DeviceState::service_call, DeviceState::low_power}) {
    CHECK(office.copier->set_state(state).ok());
    CHECK(check_device_contract(*office.copier, office.clock) == std::vector<std::string>{});
  }
}

TEST_CASE("device contract: a machine that is off is named, for its lists were not checked") {
  Office office;
  CHECK(office.copier->set_power(PowerSwitch::main, false).ok());
  CHECK(names(check_device_contract(*office.copier, office.clock), "Counter list", "main power switch off"));
}

TEST_CASE("device contract: what is wrong with a list is said in words, with its place [L] [G10]") {
  struct Case {
    std::string_view place, fault;
    std::function<void(DeviceList&)> damage;
  };
  const Case cases[] = {
      {"Counter list", "no section", [](DeviceList& l) { l.sections.clear(); }},
      {"Counter list", "another list", [](DeviceList& l) { l.id = ListId::job; }},
      {"Counter list, row C-02", "2 cells for 3", [](DeviceList& l) { row_of(l, 1).cells.pop_back(); }},
      {"Counter list, row C-02", "4 cells for 3", [](DeviceList& l) { row_of(l, 1).cells.emplace_back(); }},
      {"Counter list, section", "no columns", [](DeviceList& l) { l.sections[0].columns.clear(); }},
      {"Counter list, section", "has no title",
       [](DeviceList& l) { l.sections[0].columns[0].title.clear(); }},
      {"Counter list, row C-01", "twice", [](DeviceList& l) { row_of(l, 1).code = "C-01"; }},
      {"Counter list, row without code", "a code is", [](DeviceList& l) { row_of(l, 1).code.clear(); }},
      {"Counter list, row C 2", "a code is", [](DeviceList& l) { row_of(l, 1).code = "C 2"; }},
      {"Counter list", "0 rows are marked", [](DeviceList& l) { row_of(l, 0).billing_total = false; }},
      {"Counter list", "2 rows are marked", [](DeviceList& l) { row_of(l, 1).billing_total = true; }},
      {"Counter list, row C-02", "digits only", [](DeviceList& l) { row_of(l, 1).cells[1] = "1,000"; }},
      {"Counter list, row C-02", "digits only", [](DeviceList& l) { row_of(l, 1).cells[1] = "-1"; }},
      {"Counter list, row C-02", "says what it counts", [](DeviceList& l) { row_of(l, 1).cells[2] = " "; }},
      {"Counter list, row C-02, Counter", "not UTF-8",
       [](DeviceList& l) { row_of(l, 1).cells[0] = "Kopie \xE4"; }},
      {"Counter list, row C-02, Counter", "not UTF-8",
       [](DeviceList& l) { row_of(l, 1).cells[0] = "\xC0\xAF"; }},
      {"Counter list, row C-02, Counter", "not UTF-8",
       [](DeviceList& l) { row_of(l, 1).cells[0] = "\xED\xA0\x80"; }},
      {"Counter list, row C-02, Counter", "not UTF-8",
       [](DeviceList& l) { row_of(l, 1).cells[0] = "\xE2\x82"; }},
      {"Counter list, row C-02, Counter", "line break",
       [](DeviceList& l) { row_of(l, 1).cells[0] = "Co\npy"; }},
      {"Counter list, row C-02, Counter", "control",
       [](DeviceList& l) { row_of(l, 1).cells[0] = "Co\xC2\x85py"; }},
      {"Counter list, section", "control",
       [](DeviceList& l) { l.sections[0].note = std::string("a\0b", 3); }},
      {"Counter list, row C-02", "stands twice", [](DeviceList& l) { row_of(l, 1).phone_rank = 1; }},
      {"Counter list, row C-02", "1 to 12",
       [](DeviceList& l) { row_of(l, 1).phone_label = "Copies, total"; }},
      {"Counter list, row C-02", "1 to 12", [](DeviceList& l) { row_of(l, 1).phone_label.clear(); }},
      {"Counter list, row C-02", "no phone value", [](DeviceList& l) { row_of(l, 1).phone_value.clear(); }},
      {"Counter list, row C-02", "line of 24",
       [](DeviceList& l) {
         row_of(l, 1).phone_label = "Developer";
         row_of(l, 1).phone_value = "1234567890ABCD";
       }},
      {"Counter list, row C-01", "stands first", [](DeviceList& l) { row_of(l, 0).phone_rank = 9; }},
      {"Counter list", "octets", [](DeviceList& l) { l.sections[0].note.assign(limits::kListBytes, 'x'); }},
  };
  for (const Case& c : cases) {
    DeviceList list = sample_list(ListId::counter);
    REQUIRE(check_device_list(list, ListId::counter).empty());
    c.damage(list);
    CAPTURE(c.fault);
    CHECK(names(check_device_list(list, ListId::counter), c.place, c.fault));
  }
}

TEST_CASE("device contract: numbers, percentages, dates and hexadecimal cells have to be such; an empty cell is no value") {
  struct Case {
    Column::Kind kind;
    std::string_view cell;
    bool good;
  };
  using Kind = Column::Kind;
  const Case cases[] = {{Kind::number, "-1.5", true},
                        {Kind::number, "+12", true},
                        {Kind::number, "1.", false},
                        {Kind::number, "1.5 mm", false},
                        {Kind::number, "", true},
                        {Kind::percent, "99.95", true},
                        {Kind::percent, "5%", false},
                        {Kind::hex, "00 1f FF", true},
                        {Kind::hex, "0x1F", false},
                        {Kind::count, "007", true},
                        {Kind::count, "1.0", false},
                        {Kind::text, "x\xC3\xA4", true},
                        {Kind::date, "2026-01-05", true},
                        {Kind::date, "2026-01-05 09:41", true},
                        {Kind::date, "2026-01-05 09:41:07", true},
                        {Kind::date, "5.1.2026", false},
                        {Kind::date, "2026-01-05T09:41", false},
                        {Kind::date, "2026-01-05 ", false}};
  for (const Case& c : cases) {
    CAPTURE(c.cell);
    DeviceList list = sample_list(ListId::adjustment);
    list.sections[0].columns[1].kind = c.kind;
    row_of(list, 0).cells[1] = c.cell;
    row_of(list, 1).cells[1].clear();
    CHECK(check_device_list(list, ListId::adjustment).empty() == c.good);
  }
}

TEST_CASE("device contract: billing total and phone rows belong to the counter list alone") {
  DeviceList list = sample_list(ListId::pixel);
  row_of(list, 0).billing_total = true;
  row_of(list, 1).phone_rank = 2;
  const auto findings = check_device_list(list, ListId::pixel);
  CHECK(names(findings, "Pixel ratio list", "billing total"));
  CHECK(names(findings, "Pixel ratio list", "phone layout"));
}

TEST_CASE("device contract: an identity that is empty, unclean or changes is named") {
  HandClock clock;
  for (const auto& [serial, fault] : {std::pair{"", "is empty"},
                                      {" ", "is empty"},
                                      {"A1 ", "blanks"},
                                      {"A\n1", "line break"},
                                      {"A\xFF", "not UTF-8"}}) {
    FakeDevice device(clock);
    device.set_identity({"M", serial});
    CHECK(names(check_device_contract(device, clock), "identity: the serial", fault));
  }
  FakeDevice device(clock);
  device.fail_identity(Cause::device_unreachable);
  CHECK(names(check_device_contract(device, clock), "identity", "does not answer"));
}

namespace {

// Breaks the contract in ways a script cannot.
class BadDevice : public FakeDevice {
 public:
  using FakeDevice::FakeDevice;
  std::function<Result<DeviceList>(ListId, const Deadline&)> read;
  bool supports_all = true;

  bool supports(ListId id) const override { return supports_all && FakeDevice::supports(id); }
  Result<DeviceList> read_list(ListId id, const Deadline& deadline) override { return read(id, deadline); }
};

}  // namespace

TEST_CASE("device contract: an adapter that waits beyond its deadline, throws, contradicts itself or swaps codes is named") {
  HandClock clock;
  BadDevice device(clock);

  device.read = [&](ListId id, const Deadline&) {
    clock.steady += 3s;
    return sample_list(id);
  };
  CHECK(
      names(check_device_contract(device, clock), "Counter list with a deadline that has passed", "3000 ms"));
  CHECK(names(check_device_contract(device, clock), "Counter list with a stop requested", "3000 ms"));

  device.read = [&](ListId id, const Deadline&) {
    clock.steady += 60s;
    return sample_list(id);
  };
  CHECK(names(check_device_contract(device, clock), "Counter list:", "60000 ms"));

  device.read = [](ListId, const Deadline&) -> Result<DeviceList> { throw std::runtime_error("no paper"); };
  CHECK(names(check_device_contract(device, clock), "Counter list", "no paper"));

  device.read = [](ListId, const Deadline&) -> Result<DeviceList> {
    return make_error(Cause::device_unsupported, Step::device);
  };
  CHECK(names(check_device_contract(device, clock), "Counter list", "promises it"));

  device.read = [](ListId, const Deadline&) -> Result<DeviceList> {
    return make_error(Cause::login_refused, Step::device);
  };
  CHECK(names(check_device_contract(device, clock), "Counter list", "no cause a device has"));

  device.read = [](ListId, const Deadline&) -> Result<DeviceList> {
    return make_error(Cause::device_busy, Step::device);
  };
  CHECK(names(check_device_contract(device, clock), "Counter list", "not checked"));

  unsigned readings = 0;
  device.read = [&](ListId id, const Deadline&) {
    DeviceList list = sample_list(id);
    row_of(list, 0).code += std::to_string(++readings);
    return list;
  };
  CHECK(names(check_device_contract(device, clock), "Counter list", "codes differ"));

  device.supports_all = false;
  device.read = [](ListId id, const Deadline&) { return sample_list(id); };
  CHECK(names(check_device_contract(device, clock), "Counter list", "denies it, but"));
  device.read = [](ListId, const Deadline&) -> Result<DeviceList> {
    return make_error(Cause::device_broken, Step::device);
  };
  CHECK(names(check_device_contract(device, clock), "Counter list", "denies it, so"));
}
