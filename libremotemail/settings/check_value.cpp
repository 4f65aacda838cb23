#include <algorithm>

#include "core/text.hpp"
#include "remotemail/core/limits.hpp"
#include "remotemail/core/password.hpp"
#include "remotemail/settings/setting_spec.hpp"
#include "settings/check_host.hpp"
#include "settings/refusal.hpp"
#include "settings/time_difference.hpp"
#include "settings/time_zone.hpp"

namespace remotemail {
namespace {

using Kind = SettingSpec::Kind;

// Blanks as people and their input methods type them: also NO-BREAK SPACE and the full-width one.
bool has_blank(std::string_view text) {
  return text.find_first_of(" \t") != std::string_view::npos ||
         text.find("\xC2\xA0") != std::string_view::npos ||
         text.find("\xE3\x80\x80") != std::string_view::npos;
}

bool has_control(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return true;
  }
  return false;
}

bool is_printable_text(std::string_view text) {
  for (const char c : text) {
    if (!is_printable(c)) return false;
  }
  return true;
}

// "Example: …", with which every line of help ends.
std::string_view example_of(const SettingSpec& spec) {
  return spec.help.substr(std::min(spec.help.find("Example: "), spec.help.size()));
}

std::string listed(std::span<const std::string_view> choices) {
  std::string out;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    out += i == 0 ? "" : i + 1 == choices.size() ? " or " : ", ";
    out += choices[i];
  }
  return out;
}

Result<std::string> check_choice(const SettingSpec& spec, std::string_view text) {
  for (const std::string_view choice : spec.choices) {
    if (equal_ignoring_case(choice, text)) return std::string(choice);
  }
  return refused("must be " + listed(spec.choices));
}

Result<std::string> check_number(const SettingSpec& spec, std::string_view text) {
  const auto number = parse_number(text);
  if (!number || *number < spec.minimum || *number > spec.maximum) {
    return refused("must be a whole number from ", spec.minimum, " to ", spec.maximum);
  }
  return std::to_string(*number);
}

Result<std::string> check_pin(std::string_view text) {
  constexpr std::size_t kDigits = 64;
  std::string digits;
  for (const char c : text) {
    if (c == ':') continue;
    if (digits.size() == kDigits) {
      digits.clear();
      break;
    }
    digits += to_lower(c);
  }
  if (digits.size() != kDigits || !from_hex(digits)) {
    return refused(
        "must be the SHA-256 of the server's public key: 64 hexadecimal digits, colons between them allowed");
  }
  return digits;
}

Result<std::string> check_hashed(const SettingSpec& spec, std::string_view text) {
  if (!is_password_form(text)) {
    return refused("must be 1 to ", limits::kPasswordLength, " ASCII characters without a blank");
  }
  // Y1: what stands in the manual protects nothing, so it can never be chosen.
  const bool guards_pages = spec.key.starts_with("security.");
  if (guards_pages && (text == "0000" || text == "9272")) {
    return refused("must not be a factory value (0000 or 9272); choose another of 1 to 20 ASCII characters");
  }
  return std::string(text);
}

// B18: these are taken as they are; a line end or NUL could not be sent or opened.
Result<std::string> check_as_it_is(const SettingSpec& spec, std::string_view text) {
  if (text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) {
    return refused("must be one line, without CR, LF or NUL");
  }
  if (text.size() > spec.maximum) return refused("must have at most ", spec.maximum, " characters");
  if (spec.kind == Kind::file && !text.empty() && (text.front() != '/' || text.size() == 1)) {
    return refused(
        "must be the whole path of a file, beginning with /, for example /etc/ssl/certs/office-ca.pem");
  }
  return std::string(text);
}

Result<std::string> check_form(const SettingSpec& spec, std::string_view text) {
  switch (spec.kind) {
    case Kind::address:
      return check_address(text);
    case Kind::host:
      return check_host(text);
    case Kind::ip_address:
      return check_ip_address(text);
    case Kind::number:
      return check_number(spec, text);
    case Kind::boolean:
    case Kind::choice:
      return check_choice(spec, text);
    case Kind::pin:
      return check_pin(text);
    case Kind::hashed_secret:
      return check_hashed(spec, text);
    case Kind::time_zone:
      return check_time_zone(text);
    case Kind::time_difference: {
      const auto difference = parse_time_difference(text);
      if (difference) return format_time_difference(*difference);
      return refused(
          "must be a sign and hours or hours and minutes from -1200 to +1200, for example -500, +0900 or "
          "+0530");
    }
    case Kind::nickname:
    case Kind::text:
      if (text.size() > spec.maximum || !is_printable_text(text)) {
        return refused("must be at most ", spec.maximum, " printable ASCII characters");
      }
      return std::string(text);
    case Kind::sealed_secret:
    case Kind::file:
      break;  // taken as they are
  }
  return refused("cannot be set");
}

}  // namespace

Result<std::string> check_value(const SettingSpec& spec, std::string_view text) {
  if (spec.kind == Kind::sealed_secret || spec.kind == Kind::file) return check_as_it_is(spec, text);
  text = trim(text);
  if (text.empty()) return std::string();
  if (has_blank(text)) return refused("must not contain a blank. ", example_of(spec));
  if (has_control(text)) return refused("must be one line without control characters");
  return check_form(spec, text);
}

}  // namespace remotemail
