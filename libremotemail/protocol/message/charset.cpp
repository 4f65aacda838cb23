#include "protocol/message/charset.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "core/text.hpp"

namespace remotemail {

std::size_t utf8_length(std::string_view text) noexcept {
  if (text.empty()) return 0;
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = at(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xC2 && first <= 0xDF   ? 2U
                             : first >= 0xE0 && first <= 0xEF ? 3U
                             : first >= 0xF0 && first <= 0xF4 ? 4U
                                                              : 0U;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((at(i) & 0xC0U) != 0x80U) return 0;
  }
  // overlong forms, surrogates, beyond U+10FFFF
  if ((first == 0xE0 && at(1) < 0xA0) || (first == 0xED && at(1) > 0x9F) || (first == 0xF0 && at(1) < 0x90) ||
      (first == 0xF4 && at(1) > 0x8F)) {
    return 0;
  }
  return length;
}

bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string repair_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) {
      out += kUnknownCharacter;
      text.remove_prefix(1);
    } else {
      out += text.substr(0, length);
      text.remove_prefix(length);
    }
  }
  return out;
}

void append_utf8(std::string& out, char32_t character) {
  const auto c = static_cast<std::uint32_t>(character);
  if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) {
    out += kUnknownCharacter;
    return;
  }
  const auto octet = [&](std::uint32_t value) { out += static_cast<char>(value); };
  const auto tail = [&](unsigned shift) { octet(0x80U | (c >> shift & 0x3FU)); };
  if (c < 0x80) {
    octet(c);
  } else if (c < 0x800) {
    octet(0xC0U | c >> 6U);
    tail(0);
  } else if (c < 0x10000) {
    octet(0xE0U | c >> 12U);
    tail(6);
    tail(0);
  } else {
    octet(0xF0U | c >> 18U);
    tail(12);
    tail(6);
    tail(0);
  }
}

namespace {

struct Charset {
  std::string_view name;  // as mails call it, lower case
  const char* converter;  // as iconv calls the charset that is really meant by it
};

// Where senders habitually name a subset and use its superset, the superset stands here.
constexpr std::array kCharsets{
    Charset{"big5", "BIG5-HKSCS"},
    Charset{"big5-hkscs", "BIG5-HKSCS"},
    Charset{"cn-big5", "BIG5-HKSCS"},
    Charset{"cp1250", "CP1250"},
    Charset{"cp1251", "CP1251"},
    Charset{"cp1252", "CP1252"},
    Charset{"cp437", "CP437"},
    Charset{"cp850", "CP850"},
    Charset{"cp852", "CP852"},
    Charset{"cp866", "CP866"},
    Charset{"cp932", "CP932"},
    Charset{"cp936", "GB18030"},
    Charset{"cp949", "CP949"},
    Charset{"cp950", "CP950"},
    Charset{"euc-jp", "EUC-JP"},
    Charset{"euc-kr", "CP949"},
    Charset{"euc-tw", "EUC-TW"},
    Charset{"gb18030", "GB18030"},
    Charset{"gb2312", "GB18030"},
    Charset{"gb_2312-80", "GB18030"},
    Charset{"gbk", "GB18030"},
    Charset{"ibm437", "CP437"},
    Charset{"ibm850", "CP850"},
    Charset{"ibm852", "CP852"},
    Charset{"ibm866", "CP866"},
    Charset{"iso-2022-jp", "ISO-2022-JP"},
    Charset{"iso-2022-jp-1", "ISO-2022-JP-1"},
    Charset{"iso-2022-jp-2", "ISO-2022-JP-2"},
    Charset{"iso-2022-kr", "ISO-2022-KR"},
    Charset{"iso-8859-1", "CP1252"},
    Charset{"iso-8859-10", "ISO-8859-10"},
    Charset{"iso-8859-11", "CP874"},
    Charset{"iso-8859-13", "ISO-8859-13"},
    Charset{"iso-8859-14", "ISO-8859-14"},
    Charset{"iso-8859-15", "ISO-8859-15"},
    Charset{"iso-8859-16", "ISO-8859-16"},
    Charset{"iso-8859-2", "ISO-8859-2"},
    Charset{"iso-8859-3", "ISO-8859-3"},
    Charset{"iso-8859-4", "ISO-8859-4"},
    Charset{"iso-8859-5", "ISO-8859-5"},
    Charset{"iso-8859-6", "ISO-8859-6"},
    Charset{"iso-8859-6-i", "ISO-8859-6"},
    Charset{"iso-8859-7", "ISO-8859-7"},
    Charset{"iso-8859-8", "ISO-8859-8"},
    Charset{"iso-8859-8-i", "ISO-8859-8"},
    Charset{"iso-8859-9", "CP1254"},
    Charset{"iso8859-1", "CP1252"},
    Charset{"iso8859-15", "ISO-8859-15"},
    Charset{"iso_8859-1", "CP1252"},
    Charset{"koi8-r", "KOI8-R"},
    Charset{"koi8-u", "KOI8-U"},
    Charset{"ks_c_5601-1987", "CP949"},
    Charset{"latin1", "CP1252"},
    Charset{"macintosh", "MACINTOSH"},
    Charset{"sjis", "CP932"},
    Charset{"shift-jis", "CP932"},
    Charset{"shift_jis", "CP932"},
    Charset{"tis-620", "CP874"},
    Charset{"unicode-1-1-utf-7", "UTF-7"},
    Charset{"utf-16", "UTF-16"},
    Charset{"utf-16be", "UTF-16BE"},
    Charset{"utf-16le", "UTF-16LE"},
    Charset{"utf-7", "UTF-7"},
    Charset{"windows-1250", "CP1250"},
    Charset{"windows-1251", "CP1251"},
    Charset{"windows-1252", "CP1252"},
    Charset{"windows-1253", "CP1253"},
    Charset{"windows-1254", "CP1254"},
    Charset{"windows-1255", "CP1255"},
    Charset{"windows-1256", "CP1256"},
    Charset{"windows-1257", "CP1257"},
    Charset{"windows-1258", "CP1258"},
    Charset{"windows-31j", "CP932"},
    Charset{"windows-874", "CP874"},
    Charset{"windows-949", "CP949"},
    Charset{"x-euc-jp", "EUC-JP"},
    Charset{"x-gbk", "GB18030"},
    Charset{"x-mac-roman", "MACINTOSH"},
    Charset{"x-sjis", "CP932"},
};

class Converter {
 public:
  explicit Converter(const char* from) noexcept : handle_(iconv_open("UTF-8", from)) {}
  ~Converter() {
    if (usable()) iconv_close(handle_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  bool usable() const noexcept { return handle_ != kNone; }
  std::string convert(std::string_view bytes);

 private:
  // iconv_open's "failed" is the pointer value -1.
  inline static const iconv_t kNone = reinterpret_cast<iconv_t>(-1);  // NOLINT
  iconv_t handle_;
};

std::string Converter::convert(std::string_view bytes) {
  const std::size_t limit = bytes.size() * 4;
  std::string out;
  std::array<char, 4096> buffer{};
  auto* input = const_cast<char*>(bytes.data());  // NOLINT: iconv's signature; it does not write
  std::size_t left = bytes.size();
  bool flushed = false;
  while (!flushed && out.size() <= limit) {
    char* output = buffer.data();
    std::size_t room = buffer.size();
    const std::size_t before = left;
    flushed = left == 0;
    errno = 0;
    const std::size_t result = flushed ? iconv(handle_, nullptr, nullptr, &output, &room)
                                       : iconv(handle_, &input, &left, &output, &room);
    const int error = result == static_cast<std::size_t>(-1) ? errno : 0;
    out.append(buffer.data(), buffer.size() - room);
    if (flushed || left == 0) continue;
    const bool stuck = left == before && room == buffer.size();
    if (error == EINVAL) {  // cut within a character
      out += kUnknownCharacter;
      left = 0;
    } else if (error == EILSEQ || stuck) {
      out += kUnknownCharacter;
      ++input;
      --left;
    }
  }
  if (out.size() > limit) out.resize(limit);
  return repair_utf8(out);
}

std::string ascii_only(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (const char c : bytes) {
    if (static_cast<unsigned char>(c) < 0x80) {
      out += c;
    } else {
      out += kUnknownCharacter;
    }
  }
  return out;
}

// "koi8_r", "iso8859-1" and "windows1252" are written too.
bool same_name(std::string_view known, std::string_view given) noexcept {
  const auto skip = [](std::string_view& name) {
    while (!name.empty() && (name.front() == '-' || name.front() == '_')) name.remove_prefix(1);
  };
  for (;;) {
    skip(known);
    skip(given);
    if (known.empty() || given.empty()) return known.empty() && given.empty();
    if (known.front() != given.front()) return false;
    known.remove_prefix(1);
    given.remove_prefix(1);
  }
}

}  // namespace

std::string to_utf8(std::string_view bytes, std::string_view charset) {
  const std::string name = lower(trim(charset).substr(0, 40));
  if (name.empty() || name == "us-ascii" || name == "ascii" || same_name("utf-8", name)) return repair_utf8(bytes);
  const auto known = std::find_if(kCharsets.begin(), kCharsets.end(),
                                  [&](const Charset& entry) { return same_name(entry.name, name); });
  if (known != kCharsets.end()) {
    if (Converter converter(known->converter); converter.usable()) return converter.convert(bytes);
  }
  return ascii_only(bytes);
}

}  // namespace remotemail
