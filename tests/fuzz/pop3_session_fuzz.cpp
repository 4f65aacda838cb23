// A whole POP3 session: the input is all that the server says; its first octet chooses how much arrives at a
// time.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/text.hpp"
#include "protocol/pop3/pop3_mailbox.hpp"

using namespace remotemail;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

// Says its text whatever it is asked, then closes. What the client says must be commands, one a line.
class TalkingStream final : public Stream {
 public:
  TalkingStream(std::string_view text, std::size_t piece) : text_(text), piece_(piece) {}

  Result<std::size_t> read(std::span<char> out, const Deadline&) override {
    const std::size_t count = std::min({out.size(), text_.size(), piece_});
    std::copy_n(text_.begin(), count, out.begin());
    text_.remove_prefix(count);
    return count;
  }

  Status write(std::string_view bytes, const Deadline&) override {
    require(bytes.ends_with("\r\n") && bytes.find_first_of("\r\n") == bytes.size() - 2);
    const auto word = bytes.substr(0, bytes.find_first_of(" \r"));
    constexpr std::string_view kWords[] = {"CAPA", "AUTH", "AHUAcA==", "USER", "PASS",
                                           "LIST", "UIDL", "TOP",      "RETR", "QUIT"};
    require(std::find(std::begin(kWords), std::end(kWords), word) != std::end(kWords));
    return {};
  }

  Status start_tls(const TlsPolicy&, const Deadline&) override { std::abort(); }

 private:
  std::string_view text_;
  std::size_t piece_;
};

void talk(std::string_view text, std::size_t piece) {
  MailboxAccount account;
  account.server.host = "h";
  account.server.security = Security::none;
  account.server.user = "u";
  account.server.password = Secret("p");
  SystemClock clock;
  SystemRandom random;
  auto opened =
      open_pop3_mailbox(std::make_unique<TalkingStream>(text, piece), account, clock, random, {}, {});
  if (!opened) return;
  auto listing = (*opened)->list({});
  if (!listing) return;
  require(listing->mails.size() <= listing->total);
  require(listing->complete == (listing->mails.size() == listing->total));
  std::vector<FetchRequest> requests;
  for (const MailListing& mail : listing->mails) {
    require(!mail.key.uid.empty() && mail.key.mailbox == listing->mailbox);
    if (requests.size() > 20) break;
    const auto part = static_cast<FetchRequest::Part>(requests.size() % 3);
    requests.push_back({mail.key, part, 2, 100});
  }
  std::size_t next = 0;
  const Status fetched =
      (*opened)->fetch(requests,
                       [&](RawMail mail) {
                         require(mail.bytes.size() <= 100);
                         while (next < requests.size() && requests[next].key != mail.key) ++next;
                         require(next < requests.size());
                         require(!mail.complete || requests[next].part == FetchRequest::Part::whole);
                         ++next;
                         return true;
                       },
                       {});
  if (!fetched) return;
  const auto gone = (*opened)->close({});
  require(!gone || gone->empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  talk(std::string_view(reinterpret_cast<const char*>(data) + 1, size - 1),
       data[0] % 2 == 0 ? 1 + data[0] / 8 : SIZE_MAX);
  return 0;
}
