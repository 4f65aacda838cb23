// The values that travel along the line: listing, raw mail, parsed mail, mail to send. Plain structs: copied, compared,
// printed. They say nothing of how they were got.
#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "remotemail/core/clock.hpp"

namespace remotemail {

// R3, first key. `mailbox` names account and, for IMAP, mailbox and UIDVALIDITY ("pop3 user@host",
// "imap user@host INBOX 42"); `uid` is the UIDL or UID, or a digest of the header where the server has none. Never empty.
struct MailKey {
  std::string mailbox;
  std::string uid;
  auto operator<=>(const MailKey&) const = default;
};

struct MailListing {
  MailKey key;
  std::uint64_t size = 0;  // octets, as the server says; only an estimate
  bool operator==(const MailListing&) const = default;
};

// The rows of a listing, in order, all of one mailbox. Kept in some thirty octets each, for a mailbox may hold a hundred
// thousand; a row is made when it is asked for.
class ListedMails {
 public:
  class Iterator {
   public:
    using iterator_concept = std::forward_iterator_tag;
    using iterator_category = std::input_iterator_tag;
    using difference_type = std::ptrdiff_t;
    using value_type = MailListing;
    using reference = MailListing;
    using pointer = void;

    Iterator() = default;
    Iterator(const ListedMails& all, std::size_t place) : all_(&all), place_(place) {}
    MailListing operator*() const { return (*all_)[place_]; }
    Iterator& operator++() {
      ++place_;
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++place_;
      return before;
    }
    bool operator==(const Iterator&) const = default;

   private:
    const ListedMails* all_ = nullptr;
    std::size_t place_ = 0;
  };

  ListedMails() = default;
  ListedMails(std::initializer_list<MailListing> mails);

  void reserve(std::size_t mails, std::size_t octets_of_uids);
  // `mailbox` of the first one stands for all. What takes the place of more than 4 GiB of uids is left out.
  void push_back(const MailListing& mail) { add(mail.key.mailbox, mail.key.uid, mail.size); }
  void add(std::string_view mailbox, std::string_view uid, std::uint64_t size);

  std::size_t size() const noexcept { return sizes_.size(); }
  bool empty() const noexcept { return sizes_.empty(); }
  MailListing operator[](std::size_t place) const { return {key(place), sizes_[place]}; }
  MailKey key(std::size_t place) const { return {mailbox_, std::string(uid(place))}; }
  std::string_view uid(std::size_t place) const noexcept;
  Iterator begin() const noexcept { return {*this, 0}; }
  Iterator end() const noexcept { return {*this, size()}; }
  bool operator==(const ListedMails&) const = default;

 private:
  std::string mailbox_;
  std::string uids_;                 // one behind the other
  std::vector<std::uint32_t> ends_;  // of each uid in uids_
  std::vector<std::uint64_t> sizes_;
};

// A mailbox as one session sees it. Oldest first.
struct MailboxListing {
  std::string mailbox;      // as in MailKey
  ListedMails mails;        // at most limits::kListedMails
  std::uint64_t total = 0;  // how many lie there
  bool complete = true;     // mails.size() == total: only then absence means "gone"
};

struct RawMail {
  MailKey key;
  std::uint64_t size = 0;  // as listed
  std::string bytes;       // CRLF line ends as on the wire, dot-unstuffed
  bool complete = true;    // false: cut at the limit asked for, or only the header was asked for
};

struct MailAddress {
  std::string address;       // local@domain, ASCII, checked against B19
  std::string display_name;  // UTF-8, may be empty
  bool operator==(const MailAddress&) const = default;
};

struct MailDate {
  std::chrono::sys_seconds utc;
  std::chrono::minutes offset{0};
  bool operator==(const MailDate&) const = default;
};

// What makes a mail illegal by its form (D, before D11 and D13); each has words().
enum class Defect {
  no_from,
  several_from,
  from_not_an_address,
  several_subjects,
  nul_octet,
  header_too_large,
  too_many_fields,
  field_too_long,
  mime_too_deep,
  too_many_parts,
  boundary_too_long,
};
std::string_view words(Defect) noexcept;

// Header values from which authenticator::judge decides whether a mail is answered at all (R10). Values are decoded,
// trimmed, lower case.
struct LoopMarks {
  std::vector<std::string> auto_submitted;  // keyword of each field, without parameters and comments
  std::vector<std::string> precedence;
  bool list_header = false;  // any List-* of RFC 2369/2919, or Mailing-List, X-Mailing-List
  std::vector<std::string> auto_response_suppress;  // the comma-separated words of X-Auto-Response-Suppress
  bool null_return_path = false;                    // Return-Path: <>, or X-Envelope-From
  std::string return_path;          // local part of the topmost Return-Path, without +detail; may be empty
  bool responder = false;           // X-Autoreply and its like, set by programs that answer for absent people
  std::vector<std::string> x_loop;  // values of X-Loop
  bool no_ack = false;              // X-No-Ack, X-Ack: no
  unsigned received = 0;            // number of Received fields
  bool report = false;              // multipart/report, what only reports hold, or a postmaster's in prose
  std::string test_token;           // X-Remotemail-Test (C3), case kept
};

// What a delivery report says of the mail it is about (R10). Present when the mail is a multipart/report with
// report-type delivery-status, or comes from the null sender or MAILER-DAEMON and quotes a Message-ID.
struct BounceReport {
  std::vector<std::string> message_ids;  // without angle brackets, at most 16, as quoted in the returned mail
  std::string status;                    // RFC 3463, "5.1.1"; may be empty
  std::string diagnostic;                // cleaned, at most 200 characters
};

// A mail, parsed. Parsing is total: what is wrong stands in `defects`, never in an exception (design, step 2).
struct Mail {
  std::optional<MailAddress> from;  // only with exactly one From mailbox
  std::string subject;  // unfolded, RFC 2047-decoded, trimmed; UTF-8. A secret: it may be the password (D3)
  std::optional<MailDate> date;         // none: missing or unreadable
  std::string message_id;               // without angle brackets; empty: missing or ill-formed
  std::vector<std::string> references;  // well-formed ids, the newest at most 10
  std::string top_received_host;        // "from" of the topmost Received field, lower case (Y8)
  LoopMarks marks;
  std::optional<BounceReport> bounce;
  std::string text;  // what the sender wrote (D9–D10): UTF-8, LF line ends; empty for a header alone
  std::vector<Defect> defects;  // in order of discovery, each once
  std::size_t header_size = 0;  // octets of the header block with its empty line
};

// A mail that is ready to leave: complete RFC 5322 bytes, CRLF, no line over 998 octets, never dot-stuffed.
struct OutgoingMail {
  std::string id;             // Message-ID without angle brackets; the same for every retry (R4)
  std::string envelope_from;  // B8
  std::string recipient;      // exactly one (G1, H3)
  std::string message;
};

}  // namespace remotemail
