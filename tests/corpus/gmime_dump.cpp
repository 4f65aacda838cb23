// gmime_dump: the second opinion. Reads names of mail files, prints From, Subject and the first text leaf as GMime
// understands them. One JSON object a line.
#include <gmime/gmime.h>

#include "mail_list.hpp"

using remotemail::corpus::json;

namespace {

struct Leaf {
  GMimePart* plain = nullptr;
  GMimePart* html = nullptr;
};

bool is_attachment(GMimeObject* part) {
  GMimeContentDisposition* disposition = g_mime_object_get_content_disposition(part);
  return disposition != nullptr && g_mime_content_disposition_is_attachment(disposition) != 0;
}

// As D10 says: the first text/plain that is no attachment and not inside a message/rfc822, else the first text/html.
void find_text(GMimeObject* part, Leaf& leaf) {
  if (is_attachment(part)) return;
  if (GMIME_IS_MULTIPART(part)) {
    GMimeMultipart* multipart = GMIME_MULTIPART(part);
    for (int i = 0; i < g_mime_multipart_get_count(multipart); ++i)
      find_text(g_mime_multipart_get_part(multipart, i), leaf);
  } else if (GMIME_IS_PART(part)) {
    GMimeContentType* type = g_mime_object_get_content_type(part);
    if (leaf.plain == nullptr && g_mime_content_type_is_type(type, "text", "plain") != 0)
      leaf.plain = GMIME_PART(part);
    if (leaf.html == nullptr && g_mime_content_type_is_type(type, "text", "html") != 0)
      leaf.html = GMIME_PART(part);
  }
}

std::string valid_utf8(const char* text, gssize size) {
  if (text == nullptr) return {};
  char* valid = g_utf8_make_valid(text, size);
  std::string out = valid;
  g_free(valid);
  return out;
}

// What is no UTF-8 after conversion GMime hands on as bytes; then there is no text of its to compare.
std::string text_of(GMimePart* part, bool& converted) {
  GMimeDataWrapper* content = g_mime_part_get_content(part);
  if (content == nullptr) return {};
  GMimeStream* memory = g_mime_stream_mem_new();
  GMimeStream* filtered = g_mime_stream_filter_new(memory);
  const char* charset = g_mime_object_get_content_type_parameter(GMIME_OBJECT(part), "charset");
  if (charset != nullptr && g_ascii_strcasecmp(charset, "utf-8") != 0) {
    GMimeFilter* filter = g_mime_filter_charset_new(charset, "UTF-8");
    converted = filter != nullptr;
    if (filter != nullptr) {
      g_mime_stream_filter_add(GMIME_STREAM_FILTER(filtered), filter);
      g_object_unref(filter);
    }
  }
  g_mime_data_wrapper_write_to_stream(content, filtered);
  g_mime_stream_flush(filtered);
  const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory));
  std::string out = valid_utf8(reinterpret_cast<const char*>(bytes->data), static_cast<gssize>(bytes->len));
  g_object_unref(filtered);
  g_object_unref(memory);
  return out;
}

void dump(const std::string& name, const std::string& bytes) {
  GMimeStream* stream = g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size());
  GMimeParser* parser = g_mime_parser_new_with_stream(stream);
  g_mime_parser_set_format(parser, bytes.starts_with("From ") ? GMIME_FORMAT_MBOX : GMIME_FORMAT_MESSAGE);
  GMimeParserOptions* options = g_mime_parser_options_new();
  GMimeMessage* message = g_mime_parser_construct_message(parser, options);
  std::cout << "{\"file\":" << json(name);
  if (message != nullptr) {
    InternetAddressList* from = g_mime_message_get_from(message);
    const int senders = from == nullptr ? 0 : internet_address_list_length(from);
    std::cout << ",\"senders\":" << senders;
    InternetAddress* first = senders > 0 ? internet_address_list_get_address(from, 0) : nullptr;
    if (first != nullptr && INTERNET_ADDRESS_IS_MAILBOX(first)) {
      const char* address = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(first));
      if (address != nullptr) std::cout << ",\"from\":" << json(valid_utf8(address, -1));
    }
    const char* subject = g_mime_message_get_subject(message);
    if (subject != nullptr) std::cout << ",\"subject\":" << json(valid_utf8(subject, -1));
    Leaf leaf;
    if (GMimeObject* root = g_mime_message_get_mime_part(message)) find_text(root, leaf);
    GMimePart* part = leaf.plain != nullptr ? leaf.plain : leaf.html;
    if (part != nullptr) {
      bool converted = true;
      const std::string text = text_of(part, converted);
      const char* format = g_mime_object_get_content_type_parameter(GMIME_OBJECT(part), "format");
      std::cout << ",\"html\":" << (part == leaf.plain ? "false" : "true") << ",\"flowed\":"
                << (format != nullptr && g_ascii_strcasecmp(format, "flowed") == 0 ? "true" : "false")
                << ",\"converted\":" << (converted ? "true" : "false") << ",\"text\":" << json(text);
    }
    g_object_unref(message);
  }
  std::cout << "}\n";
  g_mime_parser_options_free(options);
  g_object_unref(parser);
  g_object_unref(stream);
}

}  // namespace

int main() {
  g_mime_init();
  const bool read = remotemail::corpus::for_each_mail(dump);
  g_mime_shutdown();
  return read ? 0 : 1;
}
