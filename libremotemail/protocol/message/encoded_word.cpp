#include "protocol/message/encoded_word.hpp"

#include <algorithm>
#include <optional>

#include "core/text.hpp"
#include "protocol/message/charset.hpp"
#include "protocol/message/header_fields.hpp"
#include "protocol/message/transfer_encoding.hpp"

namespace remotemail {
namespace {

constexpr std::size_t kCharsetName = 60;
constexpr std::size_t kSoughtFor = 1000;  // how far the end of a word in an address list is looked for

struct EncodedWord {
  std::string_view charset;
  char encoding = 'q';  // or 'b'
  std::string_view text;
  std::size_t end = 0;  // position behind it
};

// "=?charset?q?" at the front of `text`; `end` is the position behind it.
std::optional<EncodedWord> read_head(std::string_view text) noexcept {
  if (!text.starts_with("=?")) return std::nullopt;
  const std::string_view head = text.substr(2, kCharsetName + 3);
  const std::size_t mark = head.find('?');
  if (mark == std::string_view::npos || mark == 0 || mark + 2 >= head.size() || head[mark + 2] != '?') {
    return std::nullopt;
  }
  if (head.substr(0, mark).find_first_of(" \t=") != std::string_view::npos) return std::nullopt;
  EncodedWord word;
  word.charset = head.substr(0, std::min(mark, head.find('*')));  // RFC 2231 5: charset*language
  word.encoding = to_lower(head[mark + 1]);
  word.end = 2 + mark + 3;
  if (word.encoding != 'q' && word.encoding != 'b') return std::nullopt;
  return word;
}

// Finds encoded words from left to right; remembers where the next "?=" stands, so that the whole is linear.
class Reader {
 public:
  explicit Reader(std::string_view text) noexcept : text_(text) {}

  std::optional<EncodedWord> at(std::size_t begin) {
    auto word = read_head(text_.substr(begin));
    if (!word) return std::nullopt;
    const std::size_t content = begin + word->end;
    if (end_ < content) end_ = std::min(text_.find("?=", content), text_.size());
    if (end_ == text_.size()) return std::nullopt;
    word->text = text_.substr(content, end_ - content);
    word->end = end_ + 2;
    return word;
  }

 private:
  std::string_view text_;
  std::size_t end_ = 0;
};

std::string decode_q(std::string_view text) {
  std::string quoted(text);
  std::replace(quoted.begin(), quoted.end(), '_', ' ');
  return decode_escapes(quoted);
}

std::string raw_text(std::string_view bytes, std::string_view charset) {
  return is_utf8(bytes) ? std::string(bytes) : to_utf8(bytes, charset);
}

void append_clean(std::string& out, std::string_view utf8) {
  for (const char c : utf8) {
    if (c == '\r' || c == '\n' || c == '\t') {
      out += ' ';
    } else if ((c >= 0 && c < 0x20) || c == 0x7F) {
      out += kUnknownCharacter;
    } else {
      out += c;
    }
  }
}
// 76 is the limit of a line that holds a word (RFC 2047 2), and the name of its field stands in it too.
constexpr std::size_t kWord = 64;
constexpr std::string_view kHeadB = "=?UTF-8?B?", kHeadQ = "=?UTF-8?Q?", kTail = "?=";
constexpr std::size_t kEncoded = kWord - kHeadB.size() - kTail.size();

// Base64, no word but the last with padding: GMime decodes neighbours as one and loses what follows a padding.
// Nothing where no character ends at such a place.
std::optional<std::vector<std::string>> encode_words_b(std::string_view text) {
  constexpr std::size_t kOctets = kEncoded / 4 * 3;
  std::vector<std::string> words;
  while (!text.empty()) {
    std::size_t length = 0, reached = 0;
    while (reached < text.size() && reached <= kOctets) {
      reached += std::max<std::size_t>(utf8_length(text.substr(reached)), 1);
      if (reached <= kOctets && (reached % 3 == 0 || reached == text.size())) length = reached;
    }
    if (length == 0) return std::nullopt;
    words.push_back(std::string(kHeadB) + encode_base64(text.substr(0, length)) + std::string(kTail));
    text.remove_prefix(length);
  }
  return words;
}

// The octets that stand for themselves may do so in a phrase, too (RFC 2047 5).
std::vector<std::string> encode_words_q(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) words.push_back(std::string(kHeadQ) + word + std::string(kTail));
    word.clear();
  };
  while (!text.empty()) {
    const std::size_t length = std::max<std::size_t>(utf8_length(text), 1);
    std::string character;
    for (const char c : text.substr(0, length)) {
      if (is_alpha(c) || is_digit(c)) {
        character += c;
      } else if (c == ' ') {
        character += '_';
      } else {
        character += '=' + upper(to_hex({&c, 1}));
      }
    }
    if (word.size() + character.size() > kEncoded) end_word();
    word += character;
    text.remove_prefix(length);
  }
  end_word();
  return words;
}

}  // namespace

std::string decode_encoded_words(std::string_view text, std::string_view raw_charset) {
  std::string out;
  Reader reader(text);
  std::string plain;    // raw text between words
  std::string bytes;    // decoded content of a run of words
  std::string charset;  // of that run
  bool in_run = false;
  const auto end_run = [&] {
    if (in_run) append_clean(out, to_utf8(bytes, charset));
    bytes.clear();
    in_run = false;
  };
  for (std::size_t i = 0; i < text.size();) {
    const auto word = reader.at(i);
    if (!word) {
      plain += text[i++];
      continue;
    }
    const bool joined = in_run && trim(plain).empty();  // blanks between two words do not count
    if (!joined || !equal_ignoring_case(charset, word->charset)) {
      end_run();
      if (!joined) append_clean(out, raw_text(plain, raw_charset));
      charset = word->charset;
    }
    plain.clear();
    bytes += word->encoding == 'b' ? decode_base64_leniently(word->text) : decode_q(word->text);
    in_run = true;
    i = word->end;
  }
  end_run();
  append_clean(out, raw_text(plain, raw_charset));
  return out;
}

std::string decode_text(std::string_view raw, std::string_view raw_charset) {
  return std::string(trim(decode_encoded_words(unfold(raw), raw_charset)));
}

std::size_t encoded_word_length(std::string_view text) noexcept {
  const auto head = read_head(text);
  if (!head) return 0;
  const std::string_view rest = text.substr(head->end, kSoughtFor);
  const std::size_t end = rest.find("?=");
  if (end == std::string_view::npos || rest.substr(0, end).find_first_of(" \t") != std::string_view::npos)
    return 0;
  return head->end + end + 2;
}

bool has_encoded_word(std::string_view text) noexcept {
  const std::size_t begin = text.find("=?");
  return begin != std::string_view::npos && text.find("?=", begin + 2) != std::string_view::npos;
}

std::vector<std::string> encode_words(std::string_view text) {
  auto words = encode_words_b(text);
  return words ? *std::move(words) : encode_words_q(text);
}

}  // namespace remotemail
