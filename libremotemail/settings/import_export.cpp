#include <map>

#include "core/text.hpp"
#include "remotemail/settings/setting_spec.hpp"
#include "remotemail/settings/settings.hpp"
#include "settings/effective.hpp"
#include "settings/refusal.hpp"

namespace remotemail {
namespace {

constexpr std::size_t kLargestFile = 1024 * 1024;
constexpr std::size_t kErrorsNamed = 5;
constexpr std::size_t kKeyShown = 64;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

class Import {
 public:
  void take_line(std::string_view line) {
    ++number_;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (const auto text = trim(line); text.empty() || text.starts_with('#')) return;
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) return refuse("a line reads key=value; there is no = in it");
    const std::string_view key = trim(line.substr(0, equals));
    std::string_view value = line.substr(equals + 1);
    // Who writes "key = value" means the value without that blank, also where blanks count (passwords).
    if (equals > 0 && is_blank(line[equals - 1]) && value.starts_with(' ')) value.remove_prefix(1);
    const SettingSpec* const spec = find_setting(key);
    if (!spec) return refuse_key(key);
    const auto [first, fresh] = first_line_.try_emplace(spec->key, number_);
    if (!fresh) return refuse(joined(spec->key, " stands in line ", first->second, " already"));
    if (spec->is_secret() && value.empty()) return;
    if (!trim(value).empty()) {
      if (auto checked = check_value(*spec, value); !checked) {
        return refuse(joined(spec->key, ": ", spec->label, " ", checked.error().detail));
      }
    }
    texts_.insert_or_assign(std::string(spec->key), Secret(std::string(value)));
  }

  Result<SettingTexts> finish() && {
    if (errors_ == 0) return std::move(texts_);
    if (errors_ > kErrorsNamed) words_ += joined("; and ", errors_ - kErrorsNamed, " more");
    return refused(std::move(words_));
  }

 private:
  void refuse(std::string_view what) {
    if (++errors_ > kErrorsNamed) return;
    words_ += joined(words_.empty() ? "" : "; ", "line ", number_, ": ", what);
  }

  void refuse_key(std::string_view key) {
    if (errors_ >= kErrorsNamed) return refuse({});  // counted only: looking for the nearest key is not cheap
    std::string words =
        joined("there is no setting ", key.empty() ? "without a name" : clean_line(key, kKeyShown));
    if (const SettingSpec* const nearest = nearest_setting(key))
      words += joined("; did you mean ", nearest->key, "?");
    refuse(words);
  }

  std::size_t number_ = 0;
  std::map<std::string_view, std::size_t> first_line_;
  SettingTexts texts_;
  std::size_t errors_ = 0;
  std::string words_;
};

}  // namespace

std::string export_settings(const StoredSettings& stored) {
  std::string out =
      "# Settings of remotemail. Blank: the default. Passwords are not exported; to import one, add its "
      "line.\n";
  for (const SettingSpec& spec : all_settings()) {
    out += joined("\n# ", spec.label, ". ", spec.help, "\n");
    if (!spec.default_text.empty()) out += joined("# Default: ", spec.default_text, "\n");
    if (spec.is_secret()) {
      out += joined("# ", spec.key, "=\n");
      continue;
    }
    const EffectiveText value = effective(stored, spec);
    out += joined(spec.key, "=", value.set ? value.text : "", "\n");
  }
  return out;
}

Result<SettingTexts> parse_import(std::string_view file) {
  if (file.size() > kLargestFile)
    return refused("the file is larger than 1 MiB, so it is no file of settings");
  if (file.starts_with(kByteOrderMark)) file.remove_prefix(kByteOrderMark.size());
  Import import;
  while (!file.empty()) {
    const auto end = file.find('\n');
    import.take_line(file.substr(0, end));
    file.remove_prefix(end == std::string_view::npos ? file.size() : end + 1);
  }
  return std::move(import).finish();
}

}  // namespace remotemail
