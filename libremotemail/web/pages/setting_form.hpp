// A page of settings, made from the one list of settings: how a field looks, and what a sent form says. Pages and panel
// differ in the frame alone.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "remotemail/settings/setting_spec.hpp"
#include "remotemail/settings/settings.hpp"
#include "web/html.hpp"
#include "web/in_hand.hpp"

namespace remotemail::web {

struct Visit;

// What stands on a form beside the stored settings.
struct FormView {
  std::map<std::string, std::string, std::less<>>
      typed;  // plain values as they were typed (B20); never a secret
  std::map<std::string, std::string, std::less<>> errors;  // by key: "must be …"
  std::map<std::string, std::string, std::less<>> notes;   // by key: changed elsewhere (B16)
};

// Which settings a page shows, in their order. The passwords of the pages have pages of their own.
std::vector<const SettingSpec*> settings_of(std::string_view page);
// Whether this visitor may set it: what the environment setup shows is the operator's, the reception the maintenance's.
bool may_set(const Visit&, const SettingSpec&);

// The fields, in groups, each with what makes "changed elsewhere" known; the first wrong one has the focus.
Html setting_fields(const Visit&, const std::vector<const SettingSpec*>&, const StoredSettings&,
                    const FormView&);
// What is wrong, at the top, each with a link to its field. Empty when nothing is.
Html error_summary(const Visit&, const std::vector<const SettingSpec*>& on_page, const FormView&);

// A form as it was sent.
struct SentForm {
  std::vector<const SettingSpec*> fields;  // that stood on it and that the sender may set
  SettingTexts texts;                      // what it really changes
  SeenGenerations seen;
  FormView
      view;  // what was typed; in `notes` what was changed elsewhere meanwhile, in `errors` contradictions
};
// Notes which of the settings seen differ now (B16); beside those that were typed both values.
void note_changes(const Visit&, const StoredSettings& now, const SeenGenerations&, FormView&);
SentForm read_form(const Visit&, const StoredSettings& now);

}  // namespace remotemail::web
