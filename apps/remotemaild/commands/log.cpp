#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <fmt/format.h>

#include <sstream>

#include "commands/commands.hpp"
#include "core/text.hpp"
#include "remotemail/core/limits.hpp"

namespace remotemaild {
namespace {

using remotemail::LogRecord;

const char* words(LogRecord::Direction direction) {
  return direction == LogRecord::Direction::received ? "received" : "sent";
}

std::string as_json(const std::vector<LogRecord>& records, const remotemail::Settings& settings) {
  Poco::JSON::Array array;
  for (const LogRecord& record : records) {
    Poco::JSON::Object object(Poco::JSON_PRESERVE_KEY_ORDER);
    object.set("number", record.number);
    object.set("time", local_time(record.time, settings.utc_offset(record.time)));
    object.set("direction", words(record.direction));
    object.set("other_side", record.other_side);
    object.set("what", record.what);
    object.set("result", std::string(remotemail::words(record.result)));
    object.set("detail", record.detail);
    object.set("message_id", record.message_id);
    object.set("count", record.count);
    object.set("attempts", record.attempts);
    array.add(object);
  }
  std::ostringstream text;
  array.stringify(text, 2);
  return text.str() + "\n";
}

}  // namespace

int run_log(const Invocation& invocation, Session& session, Output& output) {
  if (!invocation.arguments.empty()) return wrong_use(output, invocation, "takes no arguments");
  std::size_t number = remotemail::limits::kLogShown;
  if (invocation.has("number")) {
    const auto wanted = remotemail::parse_number<std::size_t>(invocation.options.at("number"));
    if (!wanted || *wanted == 0 || *wanted > remotemail::limits::kLogKept) {
      return wrong_use(output, invocation, "-n wants 1 to 1000");
    }
    number = *wanted;
  }
  const auto records = session.agent.log(number);
  if (!records) return complain(output, records.error());
  const auto settings = session.agent.settings();
  if (invocation.has("json")) {
    output.out(as_json(*records, *settings));
    return kDone;
  }
  std::string text;
  for (const LogRecord& record : *records) {
    text += fmt::format(
        "{}  {:<8}  {:<30}  {}: {}{}", local_time(record.time, settings->utc_offset(record.time)),
        words(record.direction), record.other_side.empty() ? "-" : record.other_side, record.what,
        remotemail::words(record.result), record.count > 1 ? fmt::format(" ({} mails)", record.count) : "");
    if (record.attempts > 1) text += fmt::format(", {} attempts", record.attempts);
    if (!record.detail.empty()) text += ": " + record.detail;
    text += "\n";
  }
  output.out(text.empty() ? "the mail log is empty\n" : text);
  return kDone;
}

}  // namespace remotemaild
