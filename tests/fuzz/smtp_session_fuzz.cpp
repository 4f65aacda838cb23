// A whole SMTP session: the input is all that the server says; its first octet chooses the account and how much
// arrives at a time.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/smtp/smtp_sender.hpp"
#include "protocol/smtp/smtp_wire.hpp"
#include "remotemail/core/limits.hpp"

using namespace remotemail;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

constexpr std::string_view kPassword = "geheim";
constexpr std::string_view kPlain = "AHUAZ2VoZWlt";  // NUL u NUL geheim
constexpr std::string_view kLogin = "Z2VoZWlt";

// Says its text whatever it is told, then closes.
class TalkingStream final : public Stream {
 public:
  struct Heard {
    std::size_t octets = 0, final_dots = 0, log_ins = 0;
    bool tls = false, after_quit = false;
  };

  TalkingStream(std::string_view text, std::size_t piece, bool tls_wanted, Heard& heard)
      : text_(text), piece_(piece), tls_wanted_(tls_wanted), heard_(heard) {}

  Result<std::size_t> read(std::span<char> out, const Deadline&) override {
    const std::size_t count = std::min({out.size(), text_.size(), piece_});
    std::copy_n(text_.begin(), count, out.begin());
    text_.remove_prefix(count);
    return count;
  }

  Status write(std::string_view bytes, const Deadline&) override {
    heard_.octets += bytes.size();
    require(!heard_.after_quit && !bytes.empty());
    for (const char c : bytes) {  // Y7: whole lines, each with its CR and LF
      require((c == '\n') == (last_ == '\r') && c != '\0');
      last_ = c;
    }
    // Only the mail itself is written in pieces; its last line ends with the final dot's octets.
    require(bytes.ends_with("\r\n") || in_data_);
    in_data_ = bytes == "DATA\r\n";
    const bool secret = bytes.find(kPassword) != std::string_view::npos ||
                        bytes.find(kPlain) != std::string_view::npos ||
                        bytes.find(kLogin) != std::string_view::npos;
    require(!secret || !tls_wanted_ || heard_.tls);  // Y2
    heard_.log_ins += secret;
    heard_.final_dots += bytes == smtp::kFinalDot;
    heard_.after_quit = bytes == "QUIT\r\n";
    return {};
  }

  Status start_tls(const TlsPolicy&, const Deadline&) override {
    require(tls_wanted_ && !heard_.tls);
    heard_.tls = true;
    return {};
  }
  TlsInfo tls() const override {
    TlsInfo info;
    info.active = heard_.tls;
    return info;
  }

 private:
  std::string_view text_;
  std::size_t piece_;
  bool tls_wanted_;
  Heard& heard_;
  char last_ = '\0';
  bool in_data_ = false;
};

// Each mail it gave is settled once, before another is asked for.
class Queue final : public OutgoingQueue {
 public:
  Queue(std::size_t mails, const TalkingStream::Heard& heard, bool secret)
      : left_(mails), heard_(heard), secret_(secret) {}

  std::optional<OutgoingMail> next() override {
    require(!open_);
    if (left_ == 0) return std::nullopt;
    --left_;
    open_ = true;
    return OutgoingMail{std::to_string(left_), "m@example.com", "ce@example.com",
                        "A: b\r\n\r\n.\r\n..dots\r\n"};
  }
  Status settled(const OutgoingMail& mail, const SendOutcome& outcome) override {
    require(open_ && mail.id == std::to_string(left_));
    open_ = false;
    if (outcome.kind == SendOutcome::Kind::sent || outcome.in_doubt) ++with_dot_;
    require(with_dot_ <= heard_.final_dots);  // nothing is sent, or in doubt, without its final dot
    require(outcome.kind != SendOutcome::Kind::sent || !outcome.error);
    require(outcome.server_line.size() <= limits::kServerLine);
    for (const char c : outcome.server_line) require(c >= 0x20 && c < 0x7F);
    require(!secret_ || outcome.server_line.find(kPassword) == std::string::npos);
    return {};
  }
  bool open() const { return open_; }

 private:
  std::size_t left_;
  const TalkingStream::Heard& heard_;
  const bool secret_;  // the password is ours, and must not be shown when the server repeats it
  std::size_t with_dot_ = 0;
  bool open_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const unsigned choice = data[0];
  ServerAccount account;
  account.host = "h";
  account.security = choice % 2 == 0 ? Security::none : Security::starttls;
  if (choice % 4 < 2) {
    account.user = "u";
    account.password = Secret(std::string(kPassword));
  }
  TalkingStream::Heard heard;
  SystemClock clock;
  auto sender = open_smtp_sender(
      std::make_unique<TalkingStream>(std::string_view(reinterpret_cast<const char*>(data) + 1, size - 1),
                                      choice < 128 ? SIZE_MAX : 1 + choice % 9,
                                      account.security == Security::starttls, heard),
      account, "copier.example.com", clock, {}, {});
  if (!sender) {
    require(sender.error().server_line.size() <= limits::kServerLine && heard.final_dots == 0);
    return 0;
  }
  require(account.security == Security::none || heard.tls);
  require(account.user.empty() || heard.log_ins > 0);
  // Octets that a line to show drops could hide it from the search, from a server that knows it anyway.
  const bool secret =
      !account.user.empty() && std::all_of(data, data + size, [](std::uint8_t c) { return c < 0x80; });
  Queue queue(3, heard, secret);
  const Status sent = (*sender)->send(queue, {});
  require(!queue.open());
  require(!secret || sent.ok() || sent.error().server_line.find(kPassword) == std::string::npos);
  require(heard.final_dots <= 3 && heard.octets < 4096);
  return 0;
}
