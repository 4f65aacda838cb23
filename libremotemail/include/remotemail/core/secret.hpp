// Text that must not be seen: overwritten when it dies, has no operator<< and no formatter, so it cannot reach a log
// by accident (Y4). It can be copied (settings snapshots are), every copy wipes itself.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace remotemail {

void wipe(std::string& text) noexcept;  // overwrites capacity, then clears

class Secret {
 public:
  Secret() = default;
  // Copies and wipes: a short text that is moved would stay behind in the string it was moved from.
  explicit Secret(std::string text) : text_(text) { wipe(text); }
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept { text_.swap(other.text_); }
  Secret& operator=(const Secret& other) {
    if (this != &other) { wipe(text_); text_ = other.text_; }
    return *this;
  }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) { wipe(text_); text_.swap(other.text_); }
    return *this;
  }
  ~Secret() { wipe(text_); }

  bool empty() const noexcept { return text_.empty(); }
  // The text itself; the name says at every use that a secret is being handled.
  std::string_view reveal() const noexcept { return text_; }

 private:
  std::string text_;
};

// Compares without giving away by time where two texts differ (lengths may show).
bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept;

}  // namespace remotemail
