#include "gmime.hpp"

#include <gmime/gmime.h>

#include <cstring>
#include <memory>

namespace remotemail::bench {
namespace {

struct Library {
  Library() { g_mime_init(); }
  ~Library() { g_mime_shutdown(); }
};

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
template <typename T>
using Owned = std::unique_ptr<T, Unref>;

std::size_t length(const char* text) {
  return text == nullptr ? 0 : std::strlen(text);
}

// The first text/plain leaf, else the first text leaf.
GMimeTextPart* text_part(GMimeMessage* message) {
  const std::unique_ptr<GMimePartIter, decltype(&g_mime_part_iter_free)> iterator(
      g_mime_part_iter_new(GMIME_OBJECT(message)), g_mime_part_iter_free);
  GMimeTextPart* other = nullptr;
  do {
    GMimeObject* part = g_mime_part_iter_get_current(iterator.get());
    if (part == nullptr || !GMIME_IS_TEXT_PART(part)) continue;
    GMimeContentType* type = g_mime_object_get_content_type(part);
    if (g_mime_content_type_is_type(type, "text", "plain")) return GMIME_TEXT_PART(part);
    if (other == nullptr) other = GMIME_TEXT_PART(part);
  } while (g_mime_part_iter_next(iterator.get()));
  return other;
}

}  // namespace

std::size_t parse_with_gmime(const std::string& bytes) {
  static const Library kLibrary;
  const Owned<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size()));
  const Owned<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  const Owned<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), nullptr));
  if (!message) return 0;
  std::size_t octets = length(g_mime_message_get_subject(message.get()));
  InternetAddressList* from = g_mime_message_get_from(message.get());
  if (internet_address_list_length(from) == 1) {
    octets += length(internet_address_get_name(internet_address_list_get_address(from, 0)));
  }
  octets += g_mime_message_get_date(message.get()) != nullptr ? 8U : 0U;
  octets += length(g_mime_message_get_message_id(message.get()));
  if (const char* raw = g_mime_object_get_header(GMIME_OBJECT(message.get()), "References")) {
    GMimeReferences* references = g_mime_references_parse(nullptr, raw);
    octets += static_cast<std::size_t>(g_mime_references_length(references));
    g_mime_references_free(references);
  }
  octets += length(g_mime_object_get_header(GMIME_OBJECT(message.get()), "Auto-Submitted"));
  if (GMimeTextPart* part = text_part(message.get())) {
    char* text = g_mime_text_part_get_text(part);
    octets += length(text);
    g_free(text);
  }
  return octets;
}

std::size_t compose_with_gmime(const std::string& subject, const std::string& body) {
  static const Library kLibrary;
  const Owned<GMimeMessage> message(g_mime_message_new(TRUE));
  g_mime_message_add_mailbox(message.get(), GMIME_ADDRESS_TYPE_FROM, "3rd floor", "copier@example.net");
  g_mime_message_add_mailbox(message.get(), GMIME_ADDRESS_TYPE_TO, nullptr, "ce@example.com");
  g_mime_message_set_subject(message.get(), subject.c_str(), "utf-8");
  g_mime_message_set_message_id(message.get(), "rm.abcdefghijklmnopqrstuvwxyz@example.net");
  GDateTime* date = g_date_time_new_from_unix_utc(1'773'489'600);
  g_mime_message_set_date(message.get(), date);
  g_date_time_unref(date);
  g_mime_object_set_header(GMIME_OBJECT(message.get()), "In-Reply-To", "<1@example.com>", nullptr);
  g_mime_object_set_header(GMIME_OBJECT(message.get()), "References", "<1@example.com>", nullptr);
  g_mime_object_set_header(GMIME_OBJECT(message.get()), "Auto-Submitted", "auto-replied", nullptr);
  const Owned<GMimeTextPart> part(g_mime_text_part_new_with_subtype("plain"));
  g_mime_text_part_set_charset(part.get(), "us-ascii");
  g_mime_text_part_set_text(part.get(), body.c_str());
  g_mime_part_set_content_encoding(GMIME_PART(part.get()), GMIME_CONTENT_ENCODING_7BIT);
  g_mime_message_set_mime_part(message.get(), GMIME_OBJECT(part.get()));
  GMimeFormatOptions* format = g_mime_format_options_new();
  g_mime_format_options_set_newline_format(format, GMIME_NEWLINE_FORMAT_DOS);
  const Owned<GMimeStream> out(g_mime_stream_mem_new());
  const ssize_t octets = g_mime_object_write_to_stream(GMIME_OBJECT(message.get()), format, out.get());
  g_mime_format_options_free(format);
  return octets < 0 ? 0 : static_cast<std::size_t>(octets);
}

}  // namespace remotemail::bench
