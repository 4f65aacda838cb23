// bench_message [FOLDER]: parser, composer and formatter, beside GMime where the build found it. FOLDER holds recorded mails
// (REMOTEMAIL_CORPUS: every file of it is taken for one); without it one mail of 1 KiB stands for all.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "bench_agent.hpp"
#include "core/text.hpp"
#include "heap.hpp"
#include "measure.hpp"
#include "remotemail/list_formatter/list_formatter.hpp"
#include "remotemail/protocol/message.hpp"
#ifdef REMOTEMAIL_GMIME
#include "gmime.hpp"
#endif

using namespace remotemail;

namespace {

// The files that INDEX.tsv in FOLDER/mime names in its first column, else all of FOLDER.
std::vector<std::string> files_of(const std::string& folder) {
  std::vector<std::string> files;
  if (std::ifstream index(folder + "/mime/INDEX.tsv"); index) {
    std::string line;
    std::getline(index, line);  // its heading
    while (std::getline(index, line)) files.push_back(folder + "/" + line.substr(0, line.find('\t')));
    return files;
  }
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<RawMail> mails_of(const char* folder) {
  std::vector<RawMail> mails;
  const auto add = [&mails](std::string bytes) {
    const std::uint64_t size = bytes.size();
    if (size > 0) mails.push_back({{"box", std::to_string(mails.size())}, size, std::move(bytes), true});
  };
  if (folder == nullptr) {
    add(bench::mail_of_1_kib("1", "GetLog"));
    return mails;
  }
  for (const std::string& name : files_of(folder)) {
    std::ifstream file(name, std::ios::binary);
    add({std::istreambuf_iterator<char>(file), {}});
  }
  return mails;
}

std::size_t parse_with_ours(const RawMail& raw) {
  const Mail mail = parse_mail(raw);
  return mail.subject.size() + mail.text.size() + mail.references.size() + mail.message_id.size();
}

template <typename Parse>
void measure_parser(const char* name, const std::vector<RawMail>& mails, const Parse& parse) {
  std::uint64_t octets = 0;
  for (const RawMail& mail : mails) octets += mail.size;
  std::size_t seen = 0;
  const bench::Rate rate = bench::median_rate(
      [&] {
        for (const RawMail& mail : mails) seen += parse(mail);
      },
      mails.size());
  if (seen == 0) std::abort();
  std::vector<double> peaks, counts;
  double most = 0, most_by_size = 0;
  for (const RawMail& mail : mails) {
    bench::begin_counting();
    seen += parse(mail);
    const bench::HeapUse use = bench::end_counting();
    const auto peak = static_cast<double>(use.peak);
    peaks.push_back(peak / 1024);
    counts.push_back(static_cast<double>(use.allocations));
    most = std::max(most, peak / 1024);
    if (mail.size >= 4096) most_by_size = std::max(most_by_size, peak / static_cast<double>(mail.size));
  }
  const double megabytes = static_cast<double>(octets) / static_cast<double>(mails.size()) / 1e6;
  std::printf("%-12s %10.0f %10.0f %8.1f %8.1f %10.1f %10.0f %10.1f %10.0f\n", name, rate.cpu, rate.wall,
              rate.cpu * megabytes, rate.wall * megabytes, bench::median(peaks), most, most_by_size,
              bench::median(counts));
  std::fflush(stdout);
}

DeviceList list_of(std::size_t rows) {
  DeviceList list = testing::sample_list(ListId::counter);
  Section section;
  section.title = "Departments";
  section.columns = {
      {"Department", Column::Kind::text}, {"Copies", Column::Kind::count}, {"Share", Column::Kind::percent}};
  for (std::size_t i = 0; i < rows; ++i) {
    const std::string number = std::to_string(i);
    section.rows.push_back({"D-" + number, {"Department number " + number, std::to_string(i * i), "12.5"}});
  }
  list.sections.push_back(std::move(section));
  return list;
}

Outcome outcome_of(OutcomeValue value) {
  Outcome outcome;
  outcome.item.kind = PlannedItem::Kind::list;
  outcome.item.line = "GetLog Counter";
  outcome.value = std::move(value);
  return outcome;
}

}  // namespace

int main(int count, char** arguments) {
  const std::vector<RawMail> mails = mails_of(count > 1 ? arguments[1] : nullptr);
  if (mails.empty()) {
    std::fprintf(stderr, "no mails in %s\n", arguments[1]);
    return 1;
  }
  std::uint64_t octets = 0;
  for (const RawMail& mail : mails) octets += mail.size;
  std::printf("parser: %zu mails, %.1f MB; medians of 7\n", mails.size(), static_cast<double>(octets) / 1e6);
  std::printf("%-12s %10s %10s %8s %8s %10s %10s %10s %10s\n", "", "mails/s", "mails/s", "MB/s", "MB/s",
              "heap KiB", "heap KiB", "heap by", "allocs");
  std::printf("%-12s %10s %10s %8s %8s %10s %10s %10s %10s\n", "", "CPU", "wall", "CPU", "wall", "median",
              "most", "size, most", "median");
  measure_parser("ours", mails, parse_with_ours);
#ifdef REMOTEMAIL_GMIME
  measure_parser("GMime", mails, [](const RawMail& mail) { return bench::parse_with_gmime(mail.bytes); });
#else
  std::printf("GMime        is not installed\n");
#endif

  const PlainTextFormatter formatter;
  ReplyHead head;
  head.device = {"FD-1", "FD0000001"};
  head.nickname = "3rd floor";
  head.requested_by = "ce@example.com";
  std::printf("\n");
  bench::heading("formatter: lines");
  std::string body;
  for (const std::size_t rows : {20U, 1000U}) {
    const Outcome outcome = outcome_of(ListRead{list_of(rows), false});
    body = formatter.format(head, outcome).body;
    const auto lines = static_cast<std::size_t>(std::count(body.begin(), body.end(), '\n'));
    bench::rate(
        "a list of " + std::to_string(lines) + " lines",
        [&] {
          if (formatter.format(head, outcome).body.size() != body.size()) std::abort();
        },
        lines);
  }

  std::printf("\n");
  bench::heading("composer: mails");
  MailDraft draft;
  draft.message_id = "rm.abcdefghijklmnopqrstuvwxyz@example.net";
  draft.date = std::chrono::sys_seconds(std::chrono::seconds(1'773'489'600));
  draft.from = {"copier@example.net", "3rd floor"};
  draft.to = "ce@example.com";
  draft.in_reply_to = "1@example.com";
  draft.references = {"1@example.com"};
  draft.subject = "Counter list [3rd floor]";
  for (const std::size_t size : {std::size_t{2'000}, body.size()}) {
    draft.body = body.substr(0, body.rfind('\n', size) + 1);
    const std::string name = std::to_string(draft.body.size()) + " octets of text, ";
    bench::rate(name + "ours", [&] {
      if (!compose_mail(draft)) std::abort();
    });
#ifdef REMOTEMAIL_GMIME
    bench::rate(name + "GMime", [&] {
      if (bench::compose_with_gmime(draft.subject, draft.body) == 0) std::abort();
    });
#endif
  }
  const std::string message = *compose_mail(draft);
  bench::rate("the latter in parts of 8192 octets", [&] {
    const auto parts = split_mail(message, 8'192, [](std::size_t part, std::size_t) {
      return "rm.part-" + std::to_string(100 + part) + "@example.net";
    });
    if (!parts) std::abort();
  });
}
