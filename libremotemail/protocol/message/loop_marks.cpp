#include "protocol/message/loop_marks.hpp"

#include "core/text.hpp"
#include "protocol/message/encoded_word.hpp"

namespace remotemail {
namespace {

constexpr std::size_t kHostName = 255;

// RFC 3834 5: the keyword stands before parameters and may be followed by comments.
std::string keyword_of(std::string_view raw) {
  const std::string plain = without_comments(raw);
  return lower(trim(std::string_view(plain).substr(0, plain.find(';'))));
}

std::string word_of(std::string_view raw) {
  return lower(decode_text(raw));
}

}  // namespace

LoopMarks read_loop_marks(const HeaderBlock& header) {
  LoopMarks marks;
  bool test_seen = false;
  for (const auto& [name, value] : header.fields) {
    const auto is = [&field = name](std::string_view wanted) { return equal_ignoring_case(field, wanted); };
    if (is("Auto-Submitted")) {
      marks.auto_submitted.push_back(keyword_of(value));
    } else if (is("Precedence")) {
      marks.precedence.push_back(word_of(without_comments(value)));
    } else if (starts_ignoring_case(name, "List-") || is("Mailing-List") || is("X-Mailing-List")) {
      marks.list_header = true;
    } else if (is("X-Auto-Response-Suppress")) {
      const std::string words = without_comments(value);
      for (const std::string_view word : split(words, ',')) {
        if (!trim(word).empty()) marks.auto_response_suppress.push_back(lower(trim(word)));
      }
    } else if (is("Return-Path")) {
      std::string path = without_comments(value);
      std::erase_if(path, is_blank);
      marks.null_return_path = marks.null_return_path || path == "<>";
    } else if (is("X-Loop")) {
      marks.x_loop.push_back(word_of(value));
    } else if (is("X-No-Ack")) {
      marks.no_ack = marks.no_ack || word_of(value) != "no";
    } else if (is("X-Ack")) {
      marks.no_ack = marks.no_ack || word_of(value) == "no";
    } else if (is("Received")) {
      ++marks.received;
    } else if (is("X-Remotemail-Test") && !test_seen) {
      test_seen = true;
      marks.test_token = decode_text(value);
    }
  }
  return marks;
}

std::string received_from(std::string_view raw) {
  const std::string plain = without_comments(raw);
  const auto words = split_words(plain);
  if (words.size() < 2 || !equal_ignoring_case(words[0], "from")) return {};
  std::string host = lower(words[1].substr(0, words[1].find(';')));
  for (const char c : host) {
    if (!is_printable(c)) return {};
  }
  return host.size() > kHostName ? std::string() : host;
}

}  // namespace remotemail
