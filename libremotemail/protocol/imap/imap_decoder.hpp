// Octets to tokens: reads one IMAP response at a time, literals included, and never more of it than its
// limits allow.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "remotemail/core/limits.hpp"
#include "remotemail/core/result.hpp"

namespace remotemail::imap {

// Where the octets come from: a line channel, or a text in tests.
class WireSource {
 public:
  virtual ~WireSource() = default;
  // The next line without its end; answer_too_large beyond `limit` octets.
  virtual Result<std::string> line(std::size_t limit) = 0;
  // Exactly `size` octets, appended. The caller has bounded `size`.
  virtual Status octets(std::size_t size, std::string& out) = 0;
};

// What one response may hold (Y6).
struct ResponseLimits {
  std::size_t line_octets = limits::kServerLine;     // all its lines together, literals aside
  std::size_t literal_octets = limits::kServerLine;  // all its literals together
};

// A cursor over one response. The try family (`special`, `number`, …) returns false and stays where it is
// when something else stands there; the expect family notes an error then. The first error sticks: from then
// on everything returns false, so that a grammar may be written straight down and asked once at its end.
class Decoder {
 public:
  Decoder(WireSource& source, const ResponseLimits& limits) : source_(source), limits_(limits) {}

  bool begin();  // reads the response's first line

  bool special(char c);
  bool number(std::uint64_t& out);      // decimal digits only, below 2^63
  bool atom(std::string_view& out);     // valid until the next literal; at least one character
  bool string(std::string& out);        // quoted or literal
  bool keyword(std::string_view word);  // this atom, in whatever case

  bool expect_special(char c);
  bool expect_number(std::uint64_t& out);
  bool expect_atom(std::string_view& out);
  bool expect_nstring(std::optional<std::string>& out);  // a string, or NIL
  bool expect_end();                                     // blanks, then the end of the response

  // Passes over a value of any form: atom with brackets, string, or list to any depth (counted, not
  // recursed).
  bool expect_any_value();
  // Passes over whatever is left, literals included.
  bool expect_rest();

  bool at_end() const { return pos_ >= line_.size(); }
  // What is left of the present line, which it uses up; for free text.
  std::string_view text();

  bool ok() const { return !error_.has_value(); }
  const Error& error() const { return *error_; }
  // Notes the first error and returns false. The server's line goes with it as it came, unless it may be of a
  // mail; so may what stands in quotes there: the dialogue cuts that off, and hides secrets before.
  bool fail(Cause cause, std::string_view what);

 private:
  bool read_line();
  bool literal_follows(std::uint64_t& size) const;  // "{n}" from here to the end of the line
  bool read_literal(std::uint64_t size, std::string& out);
  char peek() const { return pos_ < line_.size() ? line_[pos_] : '\0'; }

  WireSource& source_;
  ResponseLimits limits_;  // what is left of them
  std::string line_;
  std::size_t pos_ = 0;
  bool literal_read_ = false;
  std::optional<Error> error_;
};

}  // namespace remotemail::imap
