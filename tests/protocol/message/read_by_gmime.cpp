#include <gmime/gmime.h>

#include <memory>

#include "protocol/message/read_mail.hpp"

namespace remotemail::test {
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

std::string text(const char* value) {
  return value == nullptr ? std::string() : value;
}

std::string header(GMimeMessage* message, const char* name) {
  return text(g_mime_object_get_header(GMIME_OBJECT(message), name));
}

std::vector<std::string> ids(const std::string& value) {
  std::vector<std::string> all;
  GMimeReferences* found = g_mime_references_parse(nullptr, value.c_str());
  for (int i = 0; i < g_mime_references_length(found); ++i) {
    all.push_back(text(g_mime_references_get_message_id(found, i)));
  }
  g_mime_references_free(found);
  return all;
}

std::string body_of(GMimeMessage* message) {
  GMimeObject* part = g_mime_message_get_mime_part(message);
  if (!GMIME_IS_PART(part)) return {};
  GMimeDataWrapper* content = g_mime_part_get_content(GMIME_PART(part));
  const Owned<GMimeStream> out(g_mime_stream_mem_new());
  g_mime_data_wrapper_write_to_stream(content, out.get());
  const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(out.get()));
  std::string body;
  for (guint i = 0; i < bytes->len; ++i) {
    if (bytes->data[i] != '\r') body += static_cast<char>(bytes->data[i]);
  }
  return body;
}

}  // namespace

ReadMail read_by_gmime(const std::string& bytes) {
  static const Library kLibrary;
  ReadMail mail;
  const Owned<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size()));
  const Owned<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  const Owned<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), nullptr));
  if (!message) return mail;
  mail.subject = text(g_mime_message_get_subject(message.get()));
  const auto mailbox = [&](GMimeAddressType type) {
    InternetAddressList* list = g_mime_message_get_addresses(message.get(), type);
    return internet_address_list_length(list) == 1 ? internet_address_list_get_address(list, 0) : nullptr;
  };
  if (InternetAddress* from = mailbox(GMIME_ADDRESS_TYPE_FROM); from && INTERNET_ADDRESS_IS_MAILBOX(from)) {
    mail.from_name = text(internet_address_get_name(from));
    mail.from_address = text(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(from)));
  }
  if (InternetAddress* to = mailbox(GMIME_ADDRESS_TYPE_TO); to && INTERNET_ADDRESS_IS_MAILBOX(to)) {
    mail.to = text(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(to)));
  }
  if (GDateTime* date = g_mime_message_get_date(message.get())) {
    mail.date = g_date_time_to_unix(date);
    mail.offset = static_cast<int>(g_date_time_get_utc_offset(date) / 60'000'000);
  }
  mail.message_id = text(g_mime_message_get_message_id(message.get()));
  const auto in_reply_to = ids(header(message.get(), "In-Reply-To"));
  if (in_reply_to.size() == 1) mail.in_reply_to = in_reply_to[0];
  mail.references = ids(header(message.get(), "References"));
  mail.auto_submitted = header(message.get(), "Auto-Submitted");
  mail.x_loop = header(message.get(), "X-Loop");
  mail.body = body_of(message.get());
  return mail;
}

}  // namespace remotemail::test
