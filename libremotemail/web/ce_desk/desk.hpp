// The CE desk's work behind its pages: one thread of its own sends command mails and looks into the engineer's mailbox, so
// that no page waits for a network.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "remotemail/web/web_pages.hpp"
#include "web/ce_desk/desk_mailbox.hpp"

namespace remotemail::web {

// A mail that waits to leave. The password lives here until it has left, and nowhere else.
struct CommandMail {
  Secret password;
  std::string body;  // LF line ends
};

struct DeskView {
  enum class Sending { nothing, waiting, under_way, sent, failed };
  Sending sending = Sending::nothing;  // of the latest command mail
  std::string command;                 // its lines, passwords in them hidden
  Step step = Step::none;              // under way at
  std::optional<Error> send_error;

  enum class Answer { none, awaited, arrived, given_up };
  Answer answer = Answer::none;        // arrived: all that its commands ask for; given up: perhaps some
  std::size_t expected = 0;            // answers that its commands ask for (G2)
  std::vector<std::uint64_t> answers;  // numbers of the mails that answer it, oldest first
  std::string poll_state;              // of the latest poll for it: "done", "disabled", "off", "failed"
  std::optional<Error> poll_error;
  bool illegal = false;  // the copier has found an illegal mail since then

  bool reading = false;
  bool was_read = false;
  SteadyTime read_at{};
  std::optional<Error> read_error;
  std::shared_ptr<const std::vector<DeskMail>> mails =
      std::make_shared<std::vector<DeskMail>>();  // newest first

  std::uint64_t version = 0;  // grows with each change
  bool busy() const {
    return reading || sending == Sending::waiting || sending == Sending::under_way ||
           answer == Answer::awaited;
  }
};

// Any thread. The destructor ends what is under way within a tenth of a second, as the ports promise.
class Desk {
 public:
  explicit Desk(const WebPorts&);
  ~Desk();
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  // False: one is on its way. After it has left the copier is asked to poll until a first answer has come, and the
  // mailbox is looked at until all have that its commands ask for, a minute at most.
  bool send(CommandMail mail);
  void look();  // into the mailbox, soon; asked twice, once
  DeskView view() const;

 private:
  void work(std::stop_token stop);
  void send_now(CommandMail mail, const std::stop_token& stop);
  void read_now(const std::stop_token& stop);
  void await_answer(const std::stop_token& stop);
  void note_answers();  // mutex_ is held
  template <typename Change>
  void change(Change make) {
    const std::lock_guard lock(mutex_);
    make(view_);
    ++view_.version;
  }

  const WebPorts ports_;
  const CeDeskAccount& account_;
  mutable std::mutex mutex_;
  std::condition_variable_any news_;
  DeskView view_;
  std::optional<CommandMail> waiting_;
  bool look_wanted_ = false;
  std::string sent_id_;  // Message-ID of the latest command mail
  // The worker's alone.
  DeskMailbox mailbox_;
  std::uint64_t poll_job_ = 0;
  SteadyTime next_poll_{}, give_up_{};
  std::uint64_t wrong_before_ = 0;  // wrong passwords that the copier had seen when the mail left
  std::jthread worker_;             // last: it uses the rest
};

}  // namespace remotemail::web
