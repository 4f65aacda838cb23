#include "protocol/message/bounce_report.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "protocol/message/identifiers.hpp"
#include "protocol/message/mail_text.hpp"

namespace remotemail {
namespace {

constexpr std::size_t kMessageIds = 16;
constexpr std::size_t kStatusGroups = 64;  // of one message/delivery-status

void add_ids(BounceReport& report, std::string_view raw) {
  for (std::string& id : message_ids_of(raw)) {
    if (report.message_ids.size() == kMessageIds) return;
    if (std::find(report.message_ids.begin(), report.message_ids.end(), id) == report.message_ids.end()) {
      report.message_ids.push_back(std::move(id));
    }
  }
}

// "rfc822; a@b" and "smtp; 550 no": what stands behind the type.
std::string_view behind_type(std::string_view value) noexcept {
  const std::size_t semicolon = value.find(';');
  return trim(semicolon == std::string_view::npos ? value : value.substr(semicolon + 1));
}

// True when it tells of a failure, or does not say what it tells of.
bool read_delivery_status(std::string_view text, BounceReport& report) {
  bool any_action = false, failed = false;
  for (std::size_t group = 0; group < kStatusGroups && !text.empty(); ++group) {
    const HeaderBlock fields = split_header(text);
    text.remove_prefix(std::min(fields.size, text.size()));
    const std::string action = lower(trim(without_comments(fields.value_of("Action"))));
    any_action = any_action || !action.empty();
    if (action == "delayed" || action == "delivered" || action == "relayed" || action == "expanded") continue;
    failed = failed || !action.empty();
    const std::string status = unfold(fields.value_of("Status"));
    if (report.status.empty()) report.status = find_status(status);
    const std::string diagnostic = unfold(fields.value_of("Diagnostic-Code"));
    if (report.diagnostic.empty()) report.diagnostic = clean_line(behind_type(diagnostic));
  }
  return failed || !any_action;
}

bool has_reply_code(std::string_view line) noexcept {
  for (std::size_t i = 0; i + 3 < line.size(); ++i) {
    const bool code = (line[i] == '4' || line[i] == '5') && is_digit(line[i + 1]) && is_digit(line[i + 2]) &&
                      (line[i + 3] == ' ' || line[i + 3] == '-');
    if (code && (i == 0 || !(is_digit(line[i - 1]) || is_alpha(line[i - 1]) || line[i - 1] == '.')))
      return true;
  }
  return false;
}

// A report in prose: the returned header stands somewhere in the text, perhaps quoted.
void read_prose(std::string_view text, BounceReport& report) {
  constexpr std::string_view kName = "Message-ID:";
  bool id_wanted = false;  // the id itself may stand in the next line
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end = std::min(text.find('\n', i), text.size());
    const std::string_view whole = text.substr(i, end - i);
    i = end + 1;
    const std::size_t begin = std::min(whole.find_first_not_of("> \t|"), whole.size());
    const std::string_view line = whole.substr(begin);
    if (starts_ignoring_case(line, kName) || (id_wanted && line.starts_with('<'))) {
      add_ids(report, line);
      id_wanted = line.find('<') == std::string_view::npos;
      continue;
    }
    id_wanted = false;
    const std::string_view status = find_status(line);
    if (report.status.empty() && !status.empty() && status.front() != '2') {
      report.status = status;
      report.diagnostic = clean_line(line);
    } else if (report.diagnostic.empty() && has_reply_code(line)) {
      report.diagnostic = clean_line(line);
    }
  }
}

bool is_returned_mail(const MimeLeaf& leaf) noexcept {
  return leaf.type.is("message/rfc822") || leaf.type.is("text/rfc822-headers") ||
         leaf.type.is("message/rfc822-headers") || leaf.type.is("message/global") ||
         leaf.type.is("message/global-headers");
}

bool is_delivery_status(const MimeLeaf& leaf) noexcept {
  return leaf.type.is("message/delivery-status") || leaf.type.is("message/global-delivery-status");
}

// Who writes reports, by the name of the mailbox or of the sender.
struct Sender {
  bool mail_system = false;
  bool postmaster = false;
};

Sender sender_of(const HeaderBlock& header) {
  Sender sender;
  const std::string from = lower(unfold(header.value_of("From")));
  for (const std::string_view name :
       {"mailer-daemon", "mail delivery s", "mail.delivery.system", "mdaemon@", "no-reply@", "noreply@"})
    sender.mail_system = sender.mail_system || from.find(name) != std::string::npos;
  sender.postmaster =
      from.find("postmaster@") != std::string::npos || from.find("post_master@") != std::string::npos;
  return sender;
}

void read_texts(const MimeTree& tree, BounceReport& report) {
  for (const MimeLeaf& leaf : tree.leaves) {
    if (leaf.type.is("text/plain") || leaf.type.is("text/html")) read_prose(leaf_text(leaf), report);
  }
}

}  // namespace

std::string_view find_status(std::string_view line) noexcept {
  const auto digits = [&](std::size_t from) {
    std::size_t i = from;
    while (i < line.size() && i - from < 4 && is_digit(line[i])) ++i;
    return i - from;
  };
  for (std::size_t i = 0; i + 4 < line.size(); ++i) {
    if ((line[i] != '2' && line[i] != '4' && line[i] != '5') || line[i + 1] != '.') continue;
    if (i > 0 && (is_digit(line[i - 1]) || is_alpha(line[i - 1]) || line[i - 1] == '.')) continue;
    const std::size_t subject = digits(i + 2);
    const std::size_t dot = i + 2 + subject;
    if (subject < 1 || subject > 3 || dot >= line.size() || line[dot] != '.') continue;
    const std::size_t detail = digits(dot + 1);
    const std::size_t end = dot + 1 + detail;
    if (detail < 1 || detail > 3) continue;
    if (end + 1 < line.size() && line[end] == '.' && is_digit(line[end + 1])) continue;  // an address
    return line.substr(i, end - i);
  }
  return {};
}

std::optional<BounceReport> read_bounce(const HeaderBlock& header, const MimeTree& tree,
                                        const LoopMarks& marks) {
  const bool is_report = tree.type.is("multipart/report");
  const std::string report_type = lower(tree.type.parameter("report-type"));
  const bool has_status = std::any_of(tree.leaves.begin(), tree.leaves.end(), is_delivery_status);
  if (is_report && !report_type.empty() && report_type != "delivery-status")
    return std::nullopt;  // receipts, abuse
  const bool standard = is_report && (report_type == "delivery-status" || has_status);
  const Sender sender = sender_of(header);
  if (!standard && !has_status && !marks.null_return_path && !marks.report && !sender.mail_system &&
      !sender.postmaster && marks.return_path != "mailer-daemon")
    return std::nullopt;

  BounceReport report;
  for (const MimeLeaf& leaf : tree.leaves) {
    if (is_delivery_status(leaf)) {
      const std::string text = normalise_line_ends(leaf.decoded()).text;
      if (!read_delivery_status(text, report)) return std::nullopt;
    }
  }
  for (const MimeLeaf& leaf : tree.leaves) {
    if (is_returned_mail(leaf)) {
      const std::string text = normalise_line_ends(leaf.decoded()).text;
      const std::size_t begin =
          std::min(text.find_first_not_of('\n'), text.size());  // some begin with empty lines
      add_ids(report, split_header(std::string_view(text).substr(begin)).value_of("Message-ID"));
    }
  }
  if (tree.type.is_multipart()) {  // else it is the report's own
    for (const MimeLeaf& leaf : tree.leaves) add_ids(report, leaf.message_id);
  }
  read_texts(tree, report);
  if (!standard && report.message_ids.empty()) return std::nullopt;
  return report;
}

bool is_report(const HeaderBlock& header, const MimeTree& tree) {
  if (tree.type.is("multipart/report")) return true;
  const auto only_in_reports = [](const MimeLeaf& leaf) {
    return is_delivery_status(leaf) || leaf.type.is("message/disposition-notification") ||
           leaf.type.is("message/global-disposition-notification") || leaf.type.is("message/feedback-report");
  };
  if (std::any_of(tree.leaves.begin(), tree.leaves.end(), only_in_reports)) return true;
  if (!sender_of(header).postmaster) return false;
  if (std::any_of(tree.leaves.begin(), tree.leaves.end(), is_returned_mail)) return true;
  BounceReport prose;
  read_texts(tree, prose);
  return !prose.message_ids.empty() || !prose.status.empty() || !prose.diagnostic.empty();
}

}  // namespace remotemail
