// Applying a form of settings, and the question before the function is enabled (A22).
#pragma once

#include "web/pages/setting_form.hpp"
#include "web/site.hpp"

namespace remotemail::web {

struct SettingPage {
  std::string_view path, name;  // "/environment/transmission", "transmission"
};
inline constexpr SettingPage kReceptionPage{"/maintenance/reception", "reception"};

// The form, with what `view` has to say about it.
Response show_settings(const Visit&, const SettingPage&, const FormView& view, const Html& above, int status);
// A sent form: applied, refused, or on its way to the question.
Response take_settings(Visit&, const SettingPage&);

Response enabling_page(Visit&);

}  // namespace remotemail::web
