// RFC 5322 3.3 and 4.3: dates.
#include <array>
#include <cstdint>

#include "core/text.hpp"
#include "protocol/message/header_fields.hpp"
#include "remotemail/protocol/message.hpp"

namespace remotemail {
namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

struct Zone {
  std::string_view name;
  int hours;
};
constexpr std::array kZones{Zone{"EDT", -4}, Zone{"EST", -5}, Zone{"CDT", -5}, Zone{"CST", -6},
                            Zone{"MDT", -6}, Zone{"MST", -7}, Zone{"PDT", -7}, Zone{"PST", -8}};

// Reads a date from left to right; blanks between the parts do not count.
class Scanner {
 public:
  explicit Scanner(std::string_view text) noexcept : rest_(text) {}

  bool at(char c) noexcept {
    skip_blanks();
    return rest_.starts_with(c);
  }
  bool take(char c) noexcept {
    if (!at(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::string_view letters() noexcept { return run(is_alpha); }
  // A number of `least` to `most` digits and no digit behind it.
  std::optional<unsigned> number(std::size_t least, std::size_t most) noexcept {
    digits_ = run(is_digit);
    if (digits_.size() < least || digits_.size() > most) return std::nullopt;
    return parse_number<unsigned>(digits_);
  }
  std::size_t digits() const noexcept { return digits_.size(); }  // of the last number

 private:
  void skip_blanks() noexcept {
    while (!rest_.empty() && is_blank(rest_.front())) rest_.remove_prefix(1);
  }
  std::string_view run(bool (*belongs)(char)) noexcept {
    skip_blanks();
    std::size_t length = 0;
    while (length < rest_.size() && belongs(rest_[length])) ++length;
    const std::string_view found = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return found;
  }

  std::string_view rest_;
  std::string_view digits_;
};

std::optional<month> month_named(std::string_view name) noexcept {
  for (unsigned i = 0; i < kMonths.size(); ++i) {
    if (equal_ignoring_case(name.substr(0, 3), kMonths[i])) return month(i + 1);
  }
  return std::nullopt;
}

std::optional<minutes> zone_of(Scanner& scanner) noexcept {
  const bool plus = scanner.take('+');
  if (plus || scanner.take('-')) {
    auto digits = scanner.number(1, 4);  // "+0100", also "+100" and, with a colon, "+1:00" and "+01:00"
    if (digits && scanner.digits() <= 2) {
      const unsigned whole_hours = *digits * 100;
      if (!scanner.take(':') || !(digits = scanner.number(2, 2))) return std::nullopt;
      digits = whole_hours + *digits;
    }
    if (!digits || *digits % 100 >= 60) return std::nullopt;
    const minutes offset = hours(*digits / 100) + minutes(*digits % 100);
    return plus ? offset : -offset;
  }
  const std::string_view name = scanner.letters();
  for (const Zone& zone : kZones) {
    if (equal_ignoring_case(name, zone.name)) return hours(zone.hours);
  }
  // "01:00 PM" is no time of ours: read as 01:00 it would be wrong by half a day, and nobody would know.
  if (equal_ignoring_case(name, "AM") || equal_ignoring_case(name, "PM")) return std::nullopt;
  // "GMT+0100" is what scripts of web pages write.
  const bool greenwich = equal_ignoring_case(name, "GMT") || equal_ignoring_case(name, "UTC");
  if (greenwich && (scanner.at('+') || scanner.at('-'))) return zone_of(scanner);
  return minutes(0);  // GMT, UT, the military letters, unknown names, and none at all
}

}  // namespace

std::optional<MailDate> parse_date(std::string_view text) {
  const std::string plain = without_comments(text);
  Scanner scanner(plain);
  scanner.letters();  // the day of the week says nothing new
  scanner.take(',');

  const auto day_number = scanner.number(1, 2);
  const auto month_name = month_named(scanner.letters());
  const auto year_number = scanner.number(2, 4);
  if (!day_number || !month_name || !year_number) return std::nullopt;
  int year_value = static_cast<int>(*year_number);
  if (scanner.digits() == 2) year_value += year_value < 50 ? 2000 : 1900;
  if (scanner.digits() == 3) year_value += 1900;
  const year_month_day date{year(year_value), *month_name, day(*day_number)};
  if (!date.ok() || year_value < 1900) return std::nullopt;

  const auto hour = scanner.number(1, 2);
  if (!hour || *hour > 23 || !scanner.take(':')) return std::nullopt;
  const auto minute = scanner.number(1, 2);
  if (!minute || *minute > 59) return std::nullopt;
  unsigned second = 0;
  if (scanner.take(':')) {
    const auto given = scanner.number(1, 2);
    if (!given || *given > 60) return std::nullopt;
    second = *given;
  }
  const auto offset = zone_of(scanner);
  if (!offset) return std::nullopt;
  const sys_seconds local = sys_days(date) + hours(*hour) + minutes(*minute) + seconds(second);
  return MailDate{local - *offset, *offset};
}

std::string format_date(WallTime time, std::chrono::minutes utc_offset) {
  const auto local = floor<seconds>(time) + utc_offset;
  const auto day_start = floor<days>(local);
  const year_month_day date{day_start};
  const hh_mm_ss clock{local - day_start};
  const auto offset =
      static_cast<unsigned>(utc_offset.count() < 0 ? -utc_offset.count() : utc_offset.count());
  const auto two = [](auto value) {
    const auto number = static_cast<unsigned>(value);
    return std::string{static_cast<char>('0' + number / 10 % 10), static_cast<char>('0' + number % 10)};
  };
  const auto year_number = static_cast<unsigned>(static_cast<int>(date.year()));
  std::string out(kDays[weekday(day_start).c_encoding()]);
  out += ", " + two(static_cast<unsigned>(date.day())) + ' ';
  out += kMonths[static_cast<unsigned>(date.month()) - 1];
  out += ' ' + two(year_number / 100) + two(year_number % 100) + ' ' + two(clock.hours().count()) + ':' +
         two(clock.minutes().count()) + ':' + two(clock.seconds().count());
  out += utc_offset.count() < 0 ? " -" : " +";
  return out + two(offset / 60) + two(offset % 60);
}

}  // namespace remotemail
