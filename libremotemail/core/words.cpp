// The words of the small enumerations of core.
#include "remotemail/core/commands.hpp"
#include "remotemail/core/device_list.hpp"
#include "remotemail/core/log_record.hpp"
#include "remotemail/core/mail.hpp"

#include "core/text.hpp"

namespace remotemail {

bool means(std::string_view word, std::string_view name, std::string_view minimum) noexcept {
  return word.size() >= minimum.size() && word.size() <= name.size() && starts_ignoring_case(name, word);
}

std::string_view words(DeviceState state) noexcept {
  switch (state) {
    case DeviceState::ready: return "ready";
    case DeviceState::jam: return "paper jam";
    case DeviceState::service_call: return "service call";
    case DeviceState::low_power: return "low power";
    case DeviceState::shut_off: return "shut-off";
    case DeviceState::sub_power_off: return "sub power switch off";
    case DeviceState::main_power_off: return "main power switch off";
    case DeviceState::unreachable: return "not answering";
  }
  return "";
}

std::string_view words(Defect defect) noexcept {
  switch (defect) {
    case Defect::no_from: return "no From field";
    case Defect::several_from: return "several From fields or addresses";
    case Defect::from_not_an_address: return "From is no mail address";
    case Defect::several_subjects: return "several Subject fields";
    case Defect::nul_octet: return "a NUL octet";
    case Defect::header_too_large: return "header over 64 KiB";
    case Defect::too_many_fields: return "more than 256 header fields";
    case Defect::field_too_long: return "a header field over 16 KiB";
    case Defect::mime_too_deep: return "MIME parts nested deeper than 8";
    case Defect::too_many_parts: return "more than 64 MIME parts";
    case Defect::boundary_too_long: return "a MIME boundary over 70 characters";
  }
  return "";
}

std::string_view words(LogRecord::Result result) noexcept {
  switch (result) {
    case LogRecord::Result::answered: return "answered";
    case LogRecord::Result::illegal: return "illegal mail";
    case LogRecord::Result::unanswerable: return "not to be answered";
    case LogRecord::Result::duplicate: return "answered before";
    case LogRecord::Result::set_aside: return "set aside";
    case LogRecord::Result::waiting: return "waiting";
    case LogRecord::Result::sent: return "sent";
    case LogRecord::Result::failed: return "failed";
    case LogRecord::Result::bounced: return "not delivered";
    case LogRecord::Result::arrived: return "arrived";
  }
  return "";
}

}  // namespace remotemail
