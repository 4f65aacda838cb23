// Steps 2 to 7 alone: parse, judge, parse commands, execute against a fake device, format, compose.
#include <cstdlib>

#include "agent/answer.hpp"
#include "agent/execute.hpp"
#include "bench_agent.hpp"
#include "measure.hpp"
#include "remotemail/protocol/message.hpp"

using namespace remotemail;

namespace {

class Steps {
 public:
  Steps() {
    settings_.reception.address = "copier@example.net";
    settings_.transmission.manager_address = "manager@example.net";
    right_.hash = hash_password("U-BIX", random_, {4, 8, 1});
  }

  void run(const RawMail& raw) {
    const Mail mail = parse_mail(raw);
    AccessRules rules;
    rules.own_address = settings_.reception.address;
    rules.password_matches = [this](std::string_view word) { return check_.matches(right_.hash, word); };
    rules.is_ours = [](const std::string&) { return false; };
    const Verdict verdict = authenticator_.judge(mail, raw.size, true, rules);
    const auto* accepted = std::get_if<Accepted>(&verdict);
    if (!accepted) std::abort();
    const Plan plan = parser_.parse(mail.text);
    ExecutionContext context{device_,     clock_, random_, check_, {4, 8, 1}, std::chrono::minutes{10},
                             std::nullopt};
    const auto outcomes = execute(plan, right_, context, {});
    const auto replies =
        remotemail::answer(mail, accepted->reply_to, "request", outcomes,
                           {settings_, identity_, formatter_, bench::bench_sealer(), clock_.now()});
    if (!replies || replies->empty()) std::abort();
  }

 private:
  Settings settings_;
  DeviceIdentity identity_{"FD-1", "FD0000001"};
  testing::ManualClock clock_;
  SystemRandom random_;
  PasswordCheck check_{random_};
  testing::FakeDevice device_{clock_};
  ManualCommandParser parser_;
  SubjectAuthenticator authenticator_;
  PlainTextFormatter formatter_;
  Right right_;
};

}  // namespace

int main() {
  bench::heading("steps 2-7, mails of 1 KiB: mails");
  Steps steps;
  for (const char* command : {"GetLog", "Help", "GetLog Counter", "GetLog All"}) {
    const std::string bytes = bench::mail_of_1_kib("1", command);
    const RawMail raw{{"box", "1"}, bytes.size(), bytes, true};
    bench::rate(command, [&] { steps.run(raw); });
  }
  const std::string bytes = bench::mail_of_1_kib("1", "GetLog");
  const RawMail raw{{"box", "1"}, bytes.size(), bytes, true};
  bench::rate("step 2 alone", [&] {
    if (parse_mail(raw).text.empty()) std::abort();
  });
}
