#include <Poco/JSON/Object.h>
#include <fmt/format.h>

#include <sstream>
#include <string_view>

#include "commands/commands.hpp"
#include "core/text.hpp"
#include "remotemail/settings/setting_spec.hpp"

namespace remotemaild {
namespace {

using namespace remotemail;

int list_settings(const Invocation& invocation, Session& session, Output& output) {
  const StoredSettings stored = session.agent.stored_settings();
  if (invocation.has("json")) {
    Poco::JSON::Object object(Poco::JSON_PRESERVE_KEY_ORDER);
    for (const SettingSpec& spec : all_settings())
      object.set(std::string(spec.key), shown_value(stored, spec.key));
    std::ostringstream text;
    object.stringify(text, 2);
    output.out(text.str() + "\n");
    return kDone;
  }
  std::string text;
  std::string_view page;
  for (const SettingSpec& spec : all_settings()) {
    if (spec.page != page) text += fmt::format("{}[{}]\n", page.empty() ? "" : "\n", spec.page);
    page = spec.page;
    text +=
        fmt::format("{} = {}\n    {}: {}\n", spec.key, shown_value(stored, spec.key), spec.label, spec.help);
  }
  output.out(text);
  return kDone;
}

// A22: a mailbox is dedicated to the copier; what lies in it already will be removed, so one is asked once.
// Returns an exit status, or none: go on.
std::optional<int> question_before_enabling(const SettingTexts& texts, const Invocation& invocation,
                                            Session& session, Output& output) {
  const StoredSettings stored = session.agent.stored_settings();
  SystemRandom random;
  const PlannedChange planned = plan_change(stored, texts, random, {1, 1, 1});
  if (!planned.errors.empty() || !planned.enables || invocation.has("yes")) return std::nullopt;
  JobRequest request;
  request.kind = JobRequest::Kind::count_mailbox;
  request.texts = texts;
  const JobProgress looked = session.do_job(request, {});
  if (looked.error) {
    output.err(
        fmt::format("remotemaild: the mailbox could not be looked at: {}\nNothing was changed. Mend this, or "
                    "enable all the same with --yes; mails that lie there will be removed.\n",
                    describe(*looked.error)));
    return kFailed;
  }
  if (looked.count > kMailsEnabledUnasked) {
    output.err(fmt::format(
        "remotemaild: {}\nNothing was changed. If that is right, say it again with --yes.\n", looked.text));
    return kWrongUse;
  }
  return std::nullopt;
}

int apply_texts(const SettingTexts& texts, Session& session, Output& output) {
  const ApplyReport report = session.agent.apply(texts);
  for (const FieldError& error : report.errors) {
    output.err("remotemaild: " + describe(error) + "\n");
  }
  if (!report.errors.empty()) {
    output.err("Nothing was changed.\n");
    return kWrongUse;
  }
  if (report.error) return complain(output, *report.error);
  const StoredSettings stored = session.agent.stored_settings();
  for (const std::string& key : report.changed) {
    output.out(fmt::format("{} = {}\n", key, shown_value(stored, key)));
  }
  for (const std::string& key : report.blanked) {
    output.err(fmt::format("{} was removed, because its server changed: set it anew\n", key));
  }
  if (report.changed.empty()) output.out("nothing to change\n");
  return kDone;
}

int set(const Invocation& invocation, Session& session, Output& output) {
  if (invocation.texts.empty()) return wrong_use(output, invocation, "set wants KEY=VALUE");
  SettingTexts texts;
  for (const auto& [key, value] : invocation.texts) texts.emplace(key, value);
  if (const auto status = question_before_enabling(texts, invocation, session, output)) return *status;
  return apply_texts(texts, session, output);
}

int import(const Invocation& invocation, Session& session, Output& output) {
  const auto file = invocation.texts.find("");
  if (file == invocation.texts.end()) return wrong_use(output, invocation, "import wants a FILE");
  auto texts = parse_import(file->second.reveal());
  if (!texts) return complain(output, texts.error());
  return apply_texts(*texts, session, output);  // A22: an import file counts as yes
}

}  // namespace

int run_settings(const Invocation& invocation, Session& session, Output& output) {
  const auto& arguments = invocation.arguments;
  const std::string action = arguments.empty() ? "list" : arguments[0];
  if (action == "list" && arguments.size() <= 1) return list_settings(invocation, session, output);
  if (action == "set") return set(invocation, session, output);
  if (action == "import" && arguments.size() == 2) return import(invocation, session, output);
  if (action == "export" && arguments.size() == 1) {
    output.out(export_settings(session.agent.stored_settings()));
    return kDone;
  }
  if (action == "get" && arguments.size() == 2) {
    if (!find_setting(arguments[1])) {
      const remotemail::SettingSpec* const nearest = remotemail::nearest_setting(arguments[1]);
      return wrong_use(output, invocation,
                       "there is no setting " + remotemail::clean_line(arguments[1], 40) +
                           (nearest ? "; did you mean " + std::string(nearest->key) + "?" : "") +
                           "; `remotemaild settings list` shows them all");
    }
    output.out(shown_value(session.agent.stored_settings(), arguments[1]) + "\n");
    return kDone;
  }
  return wrong_use(output, invocation, "wants list, get KEY, set KEY=VALUE ..., import FILE or export");
}

}  // namespace remotemaild
