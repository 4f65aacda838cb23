// An import file goes the whole way: parse, plan, save, export. What was accepted must come back from an
// export byte for byte, no secret may leave, no refusal may be empty or long, and a changed server must not
// keep its password.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "remotemail/settings/setting_spec.hpp"
#include "remotemail/settings/settings.hpp"

using namespace remotemail;

namespace {

class FixedRandom final : public Random {
 public:
  void fill(std::span<std::byte> out) override {
    for (std::byte& octet : out) octet = std::byte{7};
  }
};

void require(bool holds) {
  if (!holds) std::abort();
}

void save(StoredSettings& stored, const PlannedChange& planned) {
  for (const SettingChange& change : planned.changes) {
    stored.erase(change.key);
    if (change.value) stored.emplace(change.key, *change.value);
  }
}

bool is_one_line(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parsed = parse_import({reinterpret_cast<const char*>(data), size});
  if (!parsed) {
    require(!parsed.error().detail.empty() && parsed.error().detail.size() < 1000 &&
            is_one_line(parsed.error().detail));
    return 0;
  }
  FixedRandom random;
  constexpr HashCost kCheap{1, 1, 1};
  StoredSettings stored;
  StoredSetting password;
  password.form = StoredSetting::Form::sealed;
  password.text = Secret("stored secret");
  password.bound_to = binding_of(stored, "reception.password");
  stored.emplace("reception.password", password);
  const StoredSettings before = stored;

  const PlannedChange planned = plan_change(stored, *parsed, random, kCheap);
  for (const FieldError& error : planned.errors) {
    require(find_setting(error.key) && !error.message.empty() && error.message.size() < 400 &&
            is_one_line(error.message));
  }
  if (!planned.errors.empty()) {
    require(planned.changes.empty() && planned.blanked.empty() && !planned.enables);
    return 0;
  }
  save(stored, planned);
  std::vector<std::string> warnings;
  const Settings settings = make_settings(stored, &warnings);
  require(warnings.empty());  // what was accepted is good
  if (settings.reception.enabled) require(missing_for_enabling(settings).empty());
  require(settings.reception.account.server.port != 0 && settings.transmission.smtp.port != 0);
  if (!parsed->contains("reception.password") &&
      binding_of(before, "reception.password") != binding_of(stored, "reception.password")) {
    require(settings.reception.account.server.password.empty());
  }

  const std::string file = export_settings(stored);
  require(file.find("stored secret") == std::string::npos && file.find("scrypt$") == std::string::npos);
  const auto again = parse_import(file);
  require(again.ok());
  const PlannedChange same = plan_change(stored, *again, random, kCheap);
  require(same.errors.empty() && same.changes.empty());
  return 0;
}
