// A device adapter of one's own, for a label printer that does not exist: prints its counter list as it would be mailed.
#include <cstdio>
#include <string>
#include <utility>

#include "remotemail/device_adapter/device_adapter.hpp"
#include "remotemail/list_formatter/list_formatter.hpp"
#include "remotemail/testing/device_contract.hpp"

using namespace remotemail;

// What your firmware or your library offers. Here: a machine that counts.
struct LabelPrinter {
  bool switched_on = true, door_open = false, registers_locked = false;
  unsigned long labels = 48'213, cuts = 48'190, since_service = 8'213;
};

class LabelPrinterAdapter final : public DeviceAdapter {
 public:
  LabelPrinterAdapter(LabelPrinter& printer, const Clock& clock) : printer_(printer), clock_(clock) {}

  Result<DeviceIdentity> identity(const Deadline&) override {
    return DeviceIdentity{"Label One", "L1-000042"};
  }

  DeviceState state() override {
    if (!printer_.switched_on) return DeviceState::main_power_off;
    return printer_.door_open ? DeviceState::jam : DeviceState::ready;
  }

  // Nine of the ten lists it does not have. Whoever asks for one is told so in words.
  bool supports(ListId id) const override { return id == ListId::counter; }

  Result<DeviceList> read_list(ListId id, const Deadline& deadline) override {
    if (!supports(id)) return make_error(Cause::device_unsupported, Step::device);
    if (deadline.stopping()) return make_error(Cause::stopped, Step::device);
    if (deadline.passed(clock_.steady_now())) return make_error(Cause::timed_out, Step::device);
    // Busy is asked again for a while; unreachable and broken are not.
    if (printer_.registers_locked) return make_error(Cause::device_busy, Step::device);

    Section counters;
    counters.title = "Counters";
    counters.columns = {{"Counter", Column::Kind::text},
                        {"Count", Column::Kind::count},
                        {"What it counts", Column::Kind::text}};
    counters.rows = {
        counter("C-01", "Total", printer_.labels, "every label printed", 1),
        counter("C-02", "Cuts", printer_.cuts, "strokes of the knife", 3),
        counter("C-03", "PM", printer_.since_service, "labels since the last maintenance", 2),
    };
    counters.rows.front().billing_total = true;
    return DeviceList{ListId::counter, {counters}};
  }

 private:
  // Codes stay for ever: programs read them. The rank is the place on a phone.
  static Row counter(const char* code, const char* name, unsigned long value, const char* meaning,
                     unsigned rank) {
    const std::string count = std::to_string(value);
    return Row{code, {name, count, meaning}, false, rank, name, count};
  }

  LabelPrinter& printer_;
  const Clock& clock_;
};

int main() {
  LabelPrinter printer;
  const SystemClock clock;
  LabelPrinterAdapter adapter(printer, clock);

  // What a mail with the text GETLOG COUNTER, or GETLOG alone from a phone, would be answered with.
  for (const bool phone : {false, true}) {
    auto list = adapter.read_list(ListId::counter, Deadline{});
    if (!list) {
      std::printf("%s\n", describe(list.error()).c_str());
      return 1;
    }
    ReplyHead head;
    head.device = adapter.identity(Deadline{}).value();
    head.requested_by = "engineer@example.com";
    const Outcome outcome{{}, ListRead{std::move(*list), phone}};
    std::printf("%s\n", PlainTextFormatter().format(head, outcome).body.c_str());
  }

  const auto findings = testing::check_device_contract(adapter, clock);
  for (const std::string& finding : findings) std::printf("contract: %s\n", finding.c_str());
  std::printf("%s\n", findings.empty() ? "the contract is kept" : "the contract is broken");
  return findings.empty() ? 0 : 1;
}
