// A whole IMAP session against a server that says anything. The first octet chooses the account, the rest is said.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "protocol/imap/imap_mailbox.hpp"
#include "remotemail/core/limits.hpp"
#include "remotemail/mail_store/mail_store.hpp"

using namespace remotemail;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

// Always zeros, so that an input can hold the tag.
class ZeroRandom final : public Random {
 public:
  void fill(std::span<std::byte> out) override { std::fill(out.begin(), out.end(), std::byte{0}); }
};

struct ReceiptMaker : MailStore {
  using MailStore::make_receipt;
};

class SaidStream final : public Stream {
 public:
  SaidStream(std::string_view text, bool tls_wanted) : text_(text), tls_wanted_(tls_wanted) {}

  Result<std::size_t> read(std::span<char> out, const Deadline&) override {
    const std::size_t count = std::min({out.size(), text_.size(), std::size_t{7}});
    std::memcpy(out.data(), text_.data(), count);
    text_.remove_prefix(count);
    return count;
  }
  Status write(std::string_view bytes, const Deadline&) override {
    // Y2: no password before TLS; Y7: whole lines only.
    if (tls_wanted_)
      require(bytes.find("geheim") == std::string_view::npos && bytes.find("Z2Vo") == std::string_view::npos);
    require(bytes.ends_with("\r\n") && bytes.find('\n') == bytes.size() - 1);
    require(bytes.size() <= limits::kServerLine + 2);
    return {};
  }
  Status start_tls(const TlsPolicy&, const Deadline&) override {
    tls_wanted_ = false;
    tls_ = true;
    return {};
  }
  TlsInfo tls() const override {
    TlsInfo info;
    info.active = tls_;
    return info;
  }

 private:
  std::string_view text_;
  bool tls_wanted_;
  bool tls_ = false;
};

void use(Mailbox& mailbox) {
  const auto listing = mailbox.list({});
  if (!listing) return;
  require(listing->mails.size() <= limits::kListedMails);
  require(!listing->complete || listing->mails.size() == listing->total);
  std::vector<FetchRequest> requests;
  std::vector<Receipt> receipts;
  for (const MailListing& mail : listing->mails) {
    require(!mail.key.uid.empty() && mail.key.mailbox == listing->mailbox);
    if (requests.size() == 6) break;
    const auto part = static_cast<FetchRequest::Part>(requests.size() / 2);
    requests.push_back({mail.key, part, 3, 50});
    receipts.push_back(ReceiptMaker::make_receipt(mail.key));
  }
  std::size_t next = 0;
  const Status fetched = mailbox.fetch(requests,
                                       [&](RawMail mail) {
                                         while (next < requests.size() && requests[next].key != mail.key)
                                           ++next;
                                         require(next < requests.size());
                                         require(mail.bytes.size() <= requests[next].byte_limit);
                                         ++next;
                                         return true;
                                       },
                                       {});
  if (!fetched) return;
  mailbox.remove(receipts);
  const auto gone = mailbox.close({});
  require(!gone || gone->empty() || gone->size() == receipts.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  MailboxAccount account;
  account.server.host = "Mail.example.com";
  account.server.security = static_cast<Security>(data[0] % 3);
  account.server.user = "bob";
  account.server.password =
      Secret(std::string("geheim-geheim-geheim") + ((data[0] & 4) != 0 ? "\xC3\xBC" : ""));
  account.done_folder = (data[0] & 8) != 0 ? "Done" : "";
  SystemClock clock;
  ZeroRandom random;
  auto mailbox =
      open_imap_mailbox(std::make_unique<SaidStream>(text, account.server.security != Security::none),
                        account, clock, random, {}, {});
  if (mailbox) use(**mailbox);
  return 0;
}
