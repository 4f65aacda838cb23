// parse_mail_dump: reads names of mail files, prints what parse_mail makes of each and how it would be judged if its
// Subject were the password. One JSON object a line.
#include "authenticator/loop_rules.hpp"
#include "mail_list.hpp"
#include "remotemail/authenticator/authenticator.hpp"
#include "remotemail/protocol/message.hpp"

using namespace remotemail;
using corpus::json;

namespace {

class Object {
 public:
  void add(std::string_view name, std::string_view text) { raw(name, json(text)); }
  void add(std::string_view name, const char* text) { raw(name, json(text)); }
  void add(std::string_view name, long long number) { raw(name, std::to_string(number)); }
  void add(std::string_view name, bool flag) { raw(name, flag ? "true" : "false"); }
  void add(std::string_view name, const std::vector<std::string>& texts) {
    std::string list;
    for (const std::string& text : texts) list += (list.empty() ? "" : ",") + json(text);
    raw(name, '[' + list + ']');
  }
  void raw(std::string_view name, std::string_view value) {
    out_ += out_.empty() ? "{" : ",";
    out_ += json(name) + ':';
    out_ += value;
  }
  std::string str() const { return out_.empty() ? "{}" : out_ + '}'; }

 private:
  std::string out_;
};

std::string date_of(const MailDate& date) {
  Object object;
  object.add("utc", static_cast<long long>(date.utc.time_since_epoch().count()));
  object.add("offset", static_cast<long long>(date.offset.count()));
  return object.str();
}

std::string marks_of(const LoopMarks& marks) {
  Object object;
  object.add("auto_submitted", marks.auto_submitted);
  object.add("precedence", marks.precedence);
  object.add("list_header", marks.list_header);
  object.add("auto_response_suppress", marks.auto_response_suppress);
  object.add("null_return_path", marks.null_return_path);
  object.add("x_loop", marks.x_loop);
  object.add("no_ack", marks.no_ack);
  object.add("received", static_cast<long long>(marks.received));
  object.add("report", marks.report);
  return object.str();
}

std::string bounce_of(const BounceReport& bounce) {
  Object object;
  object.add("message_ids", bounce.message_ids);
  object.add("status", bounce.status);
  object.add("diagnostic", bounce.diagnostic);
  return object.str();
}

struct Judgement {
  Object& object;
  void operator()(const Accepted&) const { object.add("verdict", "accepted"); }
  void operator()(const Illegal& verdict) const {
    object.add("verdict", "illegal");
    object.add("why", std::string(words(verdict.reason)) + ' ' + verdict.detail);
  }
  void operator()(const Unanswerable& verdict) const {
    object.add("verdict", "unanswerable");
    object.add("why", verdict.reason);
  }
  void operator()(const OwnTest&) const { object.add("verdict", "test"); }
  void operator()(const Bounce&) const { object.add("verdict", "bounce"); }
  void operator()(const Undecided&) const { object.add("verdict", "undecided"); }
};

// As if the Subject were the password and the mail small enough: what is left are form and loop rules.
void judge(Mail mail, Object& object) {
  mail.subject = "PassWord";
  AccessRules rules;
  rules.own_address = "copier@copier.example";
  rules.password_matches = [](std::string_view) { return true; };
  rules.is_ours = [](const std::string&) { return false; };
  std::visit(Judgement{object}, SubjectAuthenticator().judge(mail, 0, true, rules));
}

std::string dump(const std::string& name, const std::string& bytes) {
  const Mail mail = parse_mail(RawMail{{}, bytes.size(), bytes, true});
  Object object;
  object.add("file", name);
  if (mail.from) {
    object.add("from", mail.from->address);
    object.add("from_name", mail.from->display_name);
  }
  object.add("subject", mail.subject);
  if (mail.date) object.raw("date", date_of(*mail.date));
  object.add("message_id", mail.message_id);
  object.add("references", mail.references);
  object.add("text", mail.text);
  std::vector<std::string> defects;
  for (const Defect defect : mail.defects) defects.emplace_back(words(defect));
  object.add("defects", defects);
  object.raw("marks", marks_of(mail.marks));
  if (mail.bounce) object.raw("bounce", bounce_of(*mail.bounce));
  judge(mail, object);
  return object.str();
}

}  // namespace

int main() {
  const bool read = corpus::for_each_mail(
      [](const std::string& name, const std::string& bytes) { std::cout << dump(name, bytes) << '\n'; });
  return read ? 0 : 1;
}
