#include "remotemail/testing/device_contract.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <functional>
#include <optional>
#include <set>

#include "core/text.hpp"
#include "remotemail/core/limits.hpp"

namespace remotemail::testing {
namespace {

constexpr std::size_t kMostFindings = 100;
constexpr std::size_t kPhoneLabel = 12;  // G10
constexpr std::size_t kBetween = 2;      // ": " behind the label
constexpr std::size_t kCodeLength = 16;
constexpr std::size_t kNameLength = 64;  // stands in Subject and From

class Findings {
 public:
  template <typename... Args>
  void add(fmt::format_string<Args...> text, Args&&... args) {
    if (all_.size() < kMostFindings) all_.push_back(fmt::format(text, std::forward<Args>(args)...));
  }
  void add_all(const std::vector<std::string>& others) {
    for (const std::string& other : others) add("{}", other);
  }
  std::vector<std::string> take() { return std::move(all_); }

 private:
  std::vector<std::string> all_;
};

// The characters of well-formed UTF-8 (no overlong form, no surrogate); nothing for any other text.
std::optional<std::u32string> decode_utf8(std::string_view text) {
  std::u32string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i]);
    const std::size_t length = first < 0x80        ? 1
                               : first >> 5U == 6  ? 2
                               : first >> 4U == 14 ? 3
                               : first >> 3U == 30 ? 4
                                                   : 0;
    if (length == 0 || i + length > text.size()) return std::nullopt;
    char32_t c = length == 1 ? first : first & (0x7FU >> length);
    for (std::size_t k = 1; k < length; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if (next >> 6U != 2) return std::nullopt;
      c = c << 6U | (next & 0x3FU);
    }
    constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (c < kSmallest[length] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) return std::nullopt;
    out += c;
    i += length;
  }
  return out;
}

// What is wrong with a text that becomes part of a line; empty: nothing.
std::string_view fault_of(std::string_view text) {
  const auto characters = decode_utf8(text);
  if (!characters) return "is not UTF-8";
  for (const char32_t c : *characters) {
    if (c < 0x20 || (c >= 0x7F && c < 0xA0)) return "has a control character or line break";
  }
  return {};
}

bool is_number(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const auto point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction =
      point == std::string_view::npos ? std::string_view{"0"} : text.substr(point + 1);
  return !whole.empty() && !fraction.empty() && std::ranges::all_of(whole, is_digit) &&
         std::ranges::all_of(fraction, is_digit);
}

// "2026-11-22", "2026-11-22 09:41" or with seconds: what sorts as text and no country reads otherwise.
bool is_date(std::string_view text) {
  constexpr std::string_view kForm = "dddd-dd-dd dd:dd:dd";
  if (text.size() != 10 && text.size() != 16 && text.size() != kForm.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (kForm[i] == 'd' ? !is_digit(text[i]) : text[i] != kForm[i]) return false;
  }
  return true;
}

// What a cell of such a column must be, if this one is not; an empty cell says "no value" in any column.
std::string_view wanted_instead(Column::Kind kind, std::string_view cell) {
  if (cell.empty()) return {};
  switch (kind) {
    case Column::Kind::count:
      return std::ranges::all_of(cell, is_digit) ? "" : "digits only, in a column of counts";
    case Column::Kind::number:
    case Column::Kind::percent:
      return is_number(cell) ? "" : "a number such as -1.5; the unit belongs to the column";
    case Column::Kind::hex: {
      const auto fits = [](char c) {
        return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'f') || c == ' ';
      };
      return std::ranges::all_of(cell, fits) ? "" : "hexadecimal digits and blanks";
    }
    case Column::Kind::date:
      return is_date(cell) ? "" : "a day such as 2026-11-22, or one with 09:41 or 09:41:07 behind it";
    case Column::Kind::text:
    case Column::Kind::person:
    case Column::Kind::secret:
      return {};
  }
  return "a column of a kind that exists";
}

class ListCheck {
 public:
  ListCheck(const DeviceList& list, ListId expected)
      : list_(list), title_(word_of(expected).title), expected_(expected) {}

  std::vector<std::string> run() {
    if (list_.id != expected_) findings_.add("{}: another list came, {}", title_, word_of(list_.id).title);
    if (list_.sections.empty()) findings_.add("{}: has no section", title_);
    for (const Section& section : list_.sections) check_section(section);
    if (bytes_ > limits::kListBytes) {
      findings_.add("{}: {} octets of text, more than {}", title_, bytes_, limits::kListBytes);
    }
    if (expected_ == ListId::counter) check_counters();
    return findings_.take();
  }

 private:
  void check_text(const std::string& place, std::string_view text) {
    bytes_ += text.size();
    if (const auto fault = fault_of(text); !fault.empty()) findings_.add("{}: {}", place, fault);
  }

  void check_section(const Section& section) {
    const std::string place = fmt::format("{}, section \"{}\"", title_, clean_line(section.title, 40));
    check_text(place + ", title", section.title);
    check_text(place + ", note", section.note);
    for (const Column& column : section.columns) {
      if (column.title.empty()) findings_.add("{}: a column has no title", place);
      check_text(place + ", column title", column.title);
      check_text(place + ", unit", column.unit);
    }
    if (section.columns.empty() && !section.rows.empty()) findings_.add("{}: rows, but no columns", place);
    for (const Row& row : section.rows) check_row(section, row);
  }

  void check_row(const Section& section, const Row& row) {
    const std::string place =
        fmt::format("{}, row {}", title_, row.code.empty() ? "without code" : clean_line(row.code, 40));
    bytes_ += row.code.size();
    if (row.code.empty() || row.code.size() > kCodeLength ||
        !std::ranges::all_of(row.code, [](char c) { return is_printable(c) && c != ' '; })) {
      findings_.add("{}: a code is 1 to {} printable ASCII characters without blank", place, kCodeLength);
    } else if (!codes_.insert(row.code).second) {
      findings_.add("{}: the code stands twice", place);
    }
    if (row.cells.size() != section.columns.size()) {
      findings_.add("{}: {} cells for {} columns", place, row.cells.size(), section.columns.size());
    }
    const std::size_t cells = std::min(row.cells.size(), section.columns.size());
    for (std::size_t i = 0; i < cells; ++i) {
      const std::string cell_place = fmt::format("{}, {}", place, clean_line(section.columns[i].title, 40));
      check_text(cell_place, row.cells[i]);
      const auto wanted = wanted_instead(section.columns[i].kind, row.cells[i]);
      if (!wanted.empty())
        findings_.add("{}: \"{}\" is not {}", cell_place, clean_line(row.cells[i], 40), wanted);
    }
    if (row.billing_total) ++billing_totals_;
    if (row.billing_total && row.phone_rank > 1)
      findings_.add("{}: on the phone the billing total stands first", place);
    check_phone(place, row);
    if (expected_ != ListId::counter) {
      if (row.billing_total) findings_.add("{}: a billing total stands in the counter list only", place);
      if (row.phone_rank > 0) findings_.add("{}: only the counter list has a phone layout", place);
      return;
    }
    std::size_t texts = 0;
    for (std::size_t i = 0; i < cells; ++i) {
      if (section.columns[i].kind == Column::Kind::text && !trim(row.cells[i]).empty()) ++texts;
    }
    if (texts < 2)
      findings_.add("{}: needs a name and, in a second text column, one line that says what it counts",
                    place);
  }

  void check_phone(const std::string& place, const Row& row) {
    check_text(place + ", phone label", row.phone_label);
    check_text(place + ", phone value", row.phone_value);
    if (row.phone_rank == 0) return;
    ++phone_rows_;
    if (!ranks_.insert(row.phone_rank).second)
      findings_.add("{}: phone rank {} stands twice", place, row.phone_rank);
    const auto label = decode_utf8(row.phone_label);
    if (row.phone_label.empty() || (label && label->size() > kPhoneLabel)) {
      findings_.add("{}: a phone label is 1 to {} characters", place, kPhoneLabel);
    }
    const auto value = decode_utf8(row.phone_value);
    if (row.phone_value.empty()) {
      findings_.add("{}: has no phone value", place);
    } else if (label && value && label->size() + kBetween + value->size() > limits::kPhoneColumns) {
      findings_.add("{}: phone label and value do not fit into a line of {} characters", place,
                    limits::kPhoneColumns);
    }
  }

  void check_counters() {
    if (billing_totals_ != 1) {
      findings_.add("{}: {} rows are marked as the billing total; it has to be exactly one", title_,
                    billing_totals_);
    }
    if (phone_rows_ == 0) findings_.add("{}: no row has a phone rank", title_);
  }

  const DeviceList& list_;
  const std::string_view title_;
  const ListId expected_;
  Findings findings_;
  std::set<std::string> codes_;
  std::set<unsigned> ranks_;
  std::size_t bytes_ = 0, billing_totals_ = 0, phone_rows_ = 0;
};

std::vector<std::string> codes_of(const DeviceList& list) {
  std::vector<std::string> codes;
  for (const Section& section : list.sections) {
    for (const Row& row : section.rows) codes.push_back(row.code);
  }
  return codes;
}

class DeviceCheck {
 public:
  DeviceCheck(DeviceAdapter& device, const Clock& clock, const DeviceContractLimits& given)
      : device_(device), clock_(clock), given_(given) {}

  std::vector<std::string> run() {
    check_identity();
    DeviceState state = DeviceState::ready;
    timed("state", {}, [&] { state = device_.state(); });
    if (words(state).empty()) findings_.add("state: a value that does not exist");
    for (const ListWord& word : kListWords) check_list(word, state);
    return findings_.take();
  }

 private:
  Deadline deadline() const { return Deadline{}.within(clock_.steady_now(), given_.one_call); }

  // Runs one call; an exception or a call that is later than `allowed` and the grace is a finding. False: it
  // threw.
  bool timed(const std::string& place, std::chrono::milliseconds allowed, const std::function<void()>& call) {
    const SteadyTime begin = clock_.steady_now();
    try {
      call();
    } catch (const std::exception& thrown) {
      findings_.add("{}: threw an exception, \"{}\"; failures are values", place,
                    clean_line(thrown.what(), 80));
      return false;
    } catch (...) {
      findings_.add("{}: threw something; failures are values", place);
      return false;
    }
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.steady_now() - begin);
    if (took > allowed + given_.grace) {
      findings_.add("{}: took {} ms where {} ms were given", place, took.count(), allowed.count());
    }
    return true;
  }

  void check_name(std::string_view what, const std::string& name) {
    if (trim(name).empty()) {
      findings_.add("identity: the {} is empty", what);
    } else if (trim(name) != name) {
      findings_.add("identity: the {} has blanks at its ends", what);
    }
    if (const auto fault = fault_of(name); !fault.empty()) findings_.add("identity: the {} {}", what, fault);
    if (name.size() > kNameLength)
      findings_.add("identity: the {} is longer than {} octets", what, kNameLength);
  }

  void check_identity() {
    Result<DeviceIdentity> first = make_error(Cause::internal, Step::device), second = first;
    if (!timed("identity", given_.one_call, [&] { first = device_.identity(deadline()); })) return;
    if (!first) {
      findings_.add("identity: {}", describe(first.error()));
      return;
    }
    check_name("model", first->model);
    check_name("serial number", first->serial_number);
    if (!timed("identity", given_.one_call, [&] { second = device_.identity(deadline()); })) return;
    if (!second || second->model != first->model || second->serial_number != first->serial_number) {
      findings_.add("identity: is another one when asked again");
    }
  }

  void check_list(const ListWord& word, DeviceState state) {
    const std::string place(word.title);
    bool supported = false;
    if (!timed(place + ", supports()", {}, [&] { supported = device_.supports(word.id); })) return;
    Result<DeviceList> first = make_error(Cause::internal, Step::device), second = first;
    if (!timed(place, given_.one_call, [&] { first = device_.read_list(word.id, deadline()); })) return;
    if (!supported) {
      if (first) {
        findings_.add("{}: supports() denies it, but it can be read", place);
      } else if (first.error().cause != Cause::device_unsupported) {
        findings_.add("{}: supports() denies it, so reading has to say \"{}\", not \"{}\"", place,
                      words(Cause::device_unsupported), words(first.error().cause));
      }
      return;
    }
    if (!first) {
      check_refusal(place, state, first.error());
      return;
    }
    findings_.add_all(check_device_list(*first, word.id));
    if (!timed(place, given_.one_call, [&] { second = device_.read_list(word.id, deadline()); })) return;
    if (second && codes_of(*first) != codes_of(*second))
      findings_.add("{}: the codes differ when it is read again", place);
    check_impatience(place, word.id);
  }

  void check_refusal(const std::string& place, DeviceState state, const Error& error) {
    switch (error.cause) {
      case Cause::device_unsupported:
        findings_.add("{}: supports() promises it, but reading says \"{}\"", place, words(error.cause));
        return;
      case Cause::device_busy:
      case Cause::device_unreachable:
      case Cause::device_broken:
      case Cause::device_off:
      case Cause::timed_out:
        findings_.add("{}: not checked, for the machine is in state \"{}\" and reading says \"{}\"", place,
                      words(state), words(error.cause));
        return;
      default:
        findings_.add("{}: \"{}\" is no cause a device has", place, words(error.cause));
    }
  }

  // An adapter that has its answer at hand may give it; one that waits must not.
  void check_impatience(const std::string& place, ListId id) {
    const auto ask = [&](const std::string& how, const Deadline& deadline) {
      Result<DeviceList> list = make_error(Cause::internal, Step::device);
      if (!timed(place + how, {}, [&] { list = device_.read_list(id, deadline); }) || list) return;
      const Cause cause = list.error().cause;
      if (cause != Cause::timed_out && cause != Cause::stopped && cause != Cause::device_busy) {
        findings_.add("{}{}: has to say \"{}\" or \"{}\", not \"{}\"", place, how, words(Cause::timed_out),
                      words(Cause::stopped), words(cause));
      }
    };
    Deadline passed;
    passed.at = clock_.steady_now();
    ask(" with a deadline that has passed", passed);
    std::stop_source stop;
    stop.request_stop();
    Deadline stopped = deadline();
    stopped.stop = stop.get_token();
    ask(" with a stop requested", stopped);
  }

  DeviceAdapter& device_;
  const Clock& clock_;
  const DeviceContractLimits given_;
  Findings findings_;
};

}  // namespace

std::vector<std::string> check_device_contract(DeviceAdapter& device, const Clock& clock,
                                               const DeviceContractLimits& given) {
  return DeviceCheck(device, clock, given).run();
}

std::vector<std::string> check_device_list(const DeviceList& list, ListId expected) {
  return ListCheck(list, expected).run();
}

}  // namespace remotemail::testing
