// Small pieces that several pages are made of.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "remotemail/core/clock.hpp"
#include "remotemail/core/result.hpp"
#include "remotemail/settings/settings.hpp"
#include "web/html.hpp"
#include "web/log_in.hpp"

namespace remotemail::web {

class Texts;
struct Visit;

Html link_to(std::string_view path, std::string_view text);
Html button(std::string_view text, std::string_view look = "");
Html hidden(std::string_view name, std::string_view value);
// A box that stands out. Looks: "info", "good", "warning", "error". `alert`: it is new, a screen reader says it at once.
Html notice(std::string_view look, const Html& inside, bool alert = false);
// Name and value, one pair of a <dl>.
Html fact(std::string_view name, const Html& value);
Html facts(const Html& pairs, std::string_view look = "");
// "14 Mar 2026, 09:12:05", local as B12 has it.
Html local_time(const Texts&, const Settings&, WallTime);
std::string offset_words(const Settings&, WallTime);  // "UTC+0900"
// An error in words: whole for those who may know, its cause alone for a stranger (server names, server lines).
std::string trouble(const Visit&, const Error&);
// Why a password opened nothing, and how long to wait: "The password is wrong. The next try counts in 4 seconds."
std::string refusal_of(const Texts&, const Knock&);
bool is_known(const Visit&);  // stands before the machine, or has logged in
// A password field with its label; `described_by` names the help and error of it.
Html password_field(std::string_view name, std::string_view label, const Html& help, std::string_view error,
                    bool current, bool autofocus);
// "of": one line of a page's menu.
Html menu_item(std::string_view path, std::string_view name, std::string_view what);

// A text as a JSON string, ASCII, with its quotes.
std::string json(std::string_view text);
Html paragraph(std::string_view text);
// A mail address that is broken behind its "@" where it is too long for a line.
Html breakable(std::string_view address);

}  // namespace remotemail::web
