// Copiers among programs that answer, forward and multiply mails, all in memory: every chain ends [R10].
#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <utility>

#include "agent/line_fixture.hpp"

using namespace remotemail;
using remotemail::testing::Line;
using remotemail::testing::TestMail;

namespace {

constexpr const char *kCopier = "copier@example.com", *kOther = "other@example.com", *kEngineer = "ce@example.com";

struct Post {
  std::string sender, recipient, message;
};

// A header without the named fields; none of ours is folded.
std::string without(std::string message, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const auto at = message.find("\r\n" + name + ":");
    if (at != std::string::npos) message.erase(at, message.find("\r\n", at + 2) - at);
  }
  return message;
}

const std::vector<std::string> kMarks{"Auto-Submitted", "X-Loop", "Precedence", "In-Reply-To", "References"};

// Carries mails between copiers and programs until none moves.
class PostOffice {
 public:
  void add(const std::string& address, Line& line) { copiers_.push_back({address, &line, 0}); }
  // What a program at this address sends when a mail comes.
  void add(const std::string& address, std::function<std::vector<Post>(const Post&)> program) {
    programs_[address] = std::move(program);
  }

  void send(const Post& post) {
    if (++carried > kMost) return;
    for (auto& [address, line, seen] : copiers_) {
      if (address == post.recipient)
        line->servers.put("Return-Path: <" + post.sender +
                          ">\r\nReceived: from mail.example.com by host; Sat, 14 Mar 2026 00:00:00 +0000\r\n" + post.message);
    }
    const auto program = programs_.find(post.recipient);
    if (program == programs_.end()) return;
    for (const Post& more : program->second(post)) send(more);
  }

  // How many mails the copiers have sent.
  int run() {
    int sent = 0;
    for (bool moved = true; moved && carried <= kMost;) {
      moved = false;
      for (auto& [address, line, seen] : copiers_) {
        line->once(100);
        while (seen < line->servers.sent.size()) {
          const OutgoingMail mail = line->servers.sent[seen++];
          ++sent;
          moved = true;
          send({mail.envelope_from, mail.recipient, mail.message});
        }
      }
    }
    return sent;
  }

  bool is_endless() const { return carried > kMost; }
  int carried = 0;

 private:
  static constexpr int kMost = 300;
  struct Copier {
    std::string address;
    Line* line;
    std::size_t seen;
  };
  std::vector<Copier> copiers_;
  std::map<std::string, std::function<std::vector<Post>(const Post&)>> programs_;
};

std::string command(const std::string& from = kEngineer, const std::string& subject = "U-BIX", int number = 1) {
  return "From: " + from + "\r\nTo: copier@example.com\r\nSubject: " + subject +
         "\r\nDate: Sat, 14 Mar 2026 00:00:00 +0000\r\nMessage-ID: <" + std::to_string(number) +
         "@ce.example.com>\r\n\r\nGETLOG COUNTER\r\n";
}

void tell_all(Line& line, const std::string& administrator) {
  SettingTexts texts;
  texts.emplace("reception.administrator_address", Secret(administrator));
  texts.emplace("reception.notice", Secret("all"));
  texts.emplace("transmission.manager_address", Secret(administrator));
  REQUIRE(line.agent->apply(texts).ok());
}

void name_other(Line& line) {
  REQUIRE(line.set("reception.address", kOther).ok());
}

// Answers the author of whatever comes, also programs. `subject`: empty for "Re: " and what it was.
std::function<std::vector<Post>(const Post&)> answering_machine(const std::string& address, const std::string& subject,
                                                                bool marked) {
  return [=, number = 0](const Post& post) mutable {
    const Mail mail = parse_mail({{"test", "1"}, post.message.size(), post.message, true});
    if (!mail.from) return std::vector<Post>{};
    std::string text = "From: " + address + "\r\nSubject: " + (subject.empty() ? "Re: " + mail.subject : subject) +
                       "\r\nDate: Sat, 14 Mar 2026 00:00:00 +0000\r\nMessage-ID: <" + std::to_string(++number) + "." +
                       address + ">\r\n";
    if (marked) text += "Auto-Submitted: auto-replied\r\n";
    return std::vector<Post>{{marked ? "" : address, mail.from->address, text + "\r\nGETLOG COUNTER\r\n"}};
  };
}

}  // namespace

TEST_CASE("loops: an answering machine gets one answer a request, marked or not [R10, D12]") {
  for (const bool marked : {true, false}) {
    for (const char* subject : {"", "Away"}) {
      CAPTURE(marked);
      Line line;
      line.enable();
      PostOffice office;
      office.add(kCopier, line);
      office.add(kEngineer, answering_machine(kEngineer, subject, marked));
      office.send({kEngineer, kCopier, command()});
      CHECK(office.run() == 1);
      CHECK(office.carried == 3);
    }
  }
}

TEST_CASE("loops: one that answers with the password is not answered when it is marked, else held by the limit [R10, R11]") {
  for (const bool marked : {true, false}) {
    Line line;
    line.enable();
    line.set("limits.replies_per_sender", "7");
    PostOffice office;
    office.add(kCopier, line);
    office.add(kEngineer, answering_machine(kEngineer, "U-BIX", marked));
    office.send({kEngineer, kCopier, command()});
    const int sent = office.run();
    CHECK_FALSE(office.is_endless());
    CHECK(sent <= (marked ? 1 : 8));  // the Manager is told of the limit
    CHECK(line.servers.mails.size() == (marked ? 0 : 1));
  }
}

TEST_CASE("loops: the administrator's and Manager's answering machine gets no answer and no further notice [R10, D12, H2]") {
  for (const bool marked : {true, false}) {
    for (const char* subject : {"", "Away"}) {
      CAPTURE(marked);
      Line line;
      line.enable();
      tell_all(line, "manager@example.com");
      PostOffice office;
      office.add(kCopier, line);
      office.add("manager@example.com", answering_machine("manager@example.com", subject, marked));
      office.send({kEngineer, kCopier, command()});
      office.send({kEngineer, kCopier, command(kEngineer, "wrong", 2)});
      CHECK(office.run() == 3);  // reply, its copy, the notice of what was illegal
      CHECK(line.servers.mails.empty());
    }
  }
}

TEST_CASE("loops: two copiers, each the other's administrator and Manager, come to rest, with their marks and without [R10, H2]") {
  for (const bool gateway : {false, true}) {
    CAPTURE(gateway);
    Line line, other;
    line.enable();
    other.enable();
    name_other(other);
    const auto pass_on_to = [&](const char* copier) {
      return [copier](const Post& post) {
        return std::vector<Post>{{post.sender, copier, without(post.message, kMarks)}};
      };
    };
    tell_all(line, gateway ? "to-other@example.com" : kOther);
    tell_all(other, gateway ? "to-copier@example.com" : kCopier);
    PostOffice office;
    office.add(kCopier, line);
    office.add(kOther, other);
    office.add("to-other@example.com", pass_on_to(kOther));
    office.add("to-copier@example.com", pass_on_to(kCopier));
    office.send({kEngineer, kCopier, command()});
    office.send({kEngineer, kCopier, command(kEngineer, "wrong", 2)});
    office.send({kEngineer, kOther, command(kOther, "U-BIX", 3)});
    office.send({kOther, kCopier, command(kOther, "U-BIX", 4)});  // written in the other's name
    const int sent = office.run();
    CHECK_FALSE(office.is_endless());
    CHECK(sent <= 10);
    CHECK(line.servers.mails.empty());
    CHECK(other.servers.mails.empty());
  }
}

TEST_CASE("loops: a mailing list is not answered, and one that is the author gets one answer [R10]") {
  for (const bool with_fields : {true, false}) {
    for (const bool is_author : {true, false}) {
      CAPTURE(with_fields);
      CAPTURE(is_author);
      Line line;
      line.enable();
      PostOffice office;
      office.add(kCopier, line);
      office.add("list@example.com", [=](const Post& post) {
        const std::string marks = with_fields ? "List-Id: <list.example.com>\r\nPrecedence: list\r\n" : "";
        const std::string sender = with_fields ? "list@example.com" : post.sender;
        return std::vector<Post>{{sender, kCopier, marks + post.message}, {sender, kEngineer, marks + post.message}};
      });
      if (is_author)
        office.send({"list@example.com", kCopier, command("list@example.com")});
      else
        office.send({kEngineer, "list@example.com", command()});
      CHECK(office.run() == (!is_author && with_fields ? 0 : 1));
      CHECK_FALSE(office.is_endless());
      CHECK(line.servers.mails.empty());
    }
  }
}

TEST_CASE("loops: a mailbox that is forwarded to itself answers a command once, and its replies never [R3, R10]") {
  for (const auto& dropped : {std::vector<std::string>{}, kMarks}) {
    Line line;
    line.enable();
    PostOffice office;
    office.add(kCopier, line);
    office.add(kEngineer, [&](const Post& post) {
      return std::vector<Post>{{post.sender, kCopier, without(post.message, dropped)}};
    });
    for (int copies = 0; copies < 5; ++copies) {
      office.send({kEngineer, kCopier, command()});
      office.run();
    }
    CHECK(line.servers.sent.size() == 1);
    CHECK(line.servers.mails.empty());
  }
}

TEST_CASE("loops: reports on reports, of ours or not, are not answered and not told of [R10]") {
  Line line;
  line.enable();
  line.set("transmission.envelope_sender", "copier");
  tell_all(line, "manager@example.com");
  PostOffice office;
  office.add(kCopier, line);
  auto report = [number = 0](const Post& post) mutable {
    const std::string text = "From: MAILER-DAEMON@example.com\r\nSubject: U-BIX\r\nMessage-ID: <report." +
                             std::to_string(++number) + "@example.com>\r\n\r\nGETLOG COUNTER\r\n" + post.message;
    return std::vector<Post>{{"", kCopier, text}};
  };
  office.add(kEngineer, report);
  office.send({kEngineer, kCopier, command()});
  for (const Post& post : report({"", kCopier, "From: MAILER-DAEMON@example.com\r\n\r\n"})) office.send(post);
  CHECK(office.run() <= 3);  // the reply, its copy; that it came back
  CHECK(line.servers.mails.empty());
}

TEST_CASE("loops: a copier that is its own administrator and Manager does not talk to itself [R10]") {
  Line line;
  line.enable();
  tell_all(line, kCopier);
  PostOffice office;
  office.add(kCopier, line);
  office.send({kEngineer, kCopier, command()});
  office.send({kEngineer, kCopier, command(kEngineer, "wrong", 2)});
  CHECK(office.run() <= 3);
  CHECK_FALSE(office.is_endless());
  CHECK(line.servers.mails.empty());
}
