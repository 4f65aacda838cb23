#include "testing/mailhost/session.hpp"

#include "core/text.hpp"

namespace remotemail::testing::mailhost {

Session::Session(Service service, MailHostOptions::Tls tls_mode, SessionPlace place)
    : service_(service), tls_mode_(tls_mode), place_(place) {}

void Session::say(std::string_view line) {
  out_ += line;
  out_ += "\r\n";
  said_.push_back(clean_line(line));
}

void Session::say_octets(std::string_view octets, std::string_view for_log) {
  out_ += octets;
  said_.push_back(clean_line(for_log) + "(" + std::to_string(octets.size()) + " octets)");
}

bool Session::flush() {
  const std::string prefix = std::string(name(service_)) + "#" + std::to_string(place_.number) + " S: ";
  for (const std::string& line : said_) state().note_dialogue(prefix + line);
  said_.clear();
  const bool written = wire().write(out_);
  out_.clear();
  return written;
}

bool Session::hear(std::string& line, std::size_t limit, std::string_view complaint) {
  switch (wire().read_line(line, limit)) {
    case Wire::Line::complete:
      return true;
    case Wire::Line::too_long:
      say(complaint);
      if (flush()) wire().finish();
      break;
    case Wire::Line::closed:
      break;
  }
  ending_ = true;
  return false;
}

void Session::log_client(std::string_view line) {
  state().note_dialogue(std::string(name(service_)) + "#" + std::to_string(place_.number) +
                        " C: " + clean_line(line));
}

bool Session::perform(const std::vector<std::string>& kinds, const std::function<void()>& work,
                      const std::function<void(const std::string&)>& refuse) {
  const Order order = state().meet_faults(service_, kinds);
  if (order.delay.count() > 0) state().wait(order.delay);
  switch (order.action) {
    case Action::close:
      wire().cut();
      return false;
    case Action::stall:
      wire().swallow();
      return false;
    case Action::garbage:
      return wire().write("\x01\xC3\x28 *%!\x7F garbage\x80\r\n");
    case Action::refuse:
      refuse(order.text);
      break;
    default:
      work();
  }
  switch (order.action) {
    case Action::close_after:
      wire().cut();
      return false;
    case Action::stall_after:
      wire().swallow();
      return false;
    case Action::half:
      out_.resize(out_.size() / 2);
      flush();
      wire().cut();
      return false;
    default:
      break;
  }
  if (!flush()) return false;
  if (ending_) {
    wire().finish();
    return false;
  }
  if (upgrade_) {
    upgrade_ = false;
    return wire().start_tls(*place_.tls);
  }
  return true;
}

bool Session::can_start_tls() const {
  return place_.tls != nullptr && tls_mode_ != MailHostOptions::Tls::none && !place_.wire.is_tls();
}

bool Session::wants_tls() const {
  return tls_mode_ == MailHostOptions::Tls::required && !place_.wire.is_tls();
}

std::optional<std::string> Session::log_in_plain(std::string_view base64) {
  const auto decoded = decode_base64(base64);
  const std::vector<std::string_view> parts = split(decoded ? std::string_view(*decoded) : "", '\0');
  if (parts.size() != 3) return std::nullopt;
  return state().log_in(service_, parts[1], parts[2]);
}

}  // namespace remotemail::testing::mailhost
