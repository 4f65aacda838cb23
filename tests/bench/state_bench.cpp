// What the state costs: memory over many polls, and writes and syncs a mail, with the store on SQLite.
#include "bench_agent.hpp"
#include "measure.hpp"
#include "remotemail/mail_store/sqlite_store.hpp"
#include "remotemail/testing/power_loss_vfs.hpp"

using namespace remotemail;

namespace {

constexpr unsigned kIdlePolls = 10'000;

void idle() {
  const bench::BenchFolder folder;
  const auto store = open_sqlite_store({folder.file("state.db"), "", ""}, bench::bench_sealer());
  if (!store) bench::give_up(store.error());
  bench::BenchAgent agent(**store);
  for (int i = 0; i < 100; ++i) agent.idle_for_an_interval();  // what is allocated once
  agent.polls = 0;
  const auto resident = bench::resident_kib(), written = bench::written_bytes();
  while (agent.polls < kIdlePolls) agent.idle_for_an_interval();
  const auto written_after = bench::written_bytes(), resident_after = bench::resident_kib();
  std::printf("%-44s %12llu KiB\n", "resident after 10,000 idle polls",
              static_cast<unsigned long long>(resident_after));
  std::printf("%-44s %12llu KiB\n", "  of it its own (anonymous)",
              static_cast<unsigned long long>(bench::proc("/proc/self/status", "RssAnon:")));
  std::printf("%-44s %12lld KiB\n", "growth over these 10,000",
              static_cast<long long>(resident_after) - static_cast<long long>(resident));
  std::printf("%-44s %12llu bytes\n", "written by 10,000 idle polls (wchar)",
              static_cast<unsigned long long>(written_after - written));
}

enum class Around { nothing, empty_polls };

void answering(const std::string& name, unsigned mails, const std::string& command,
               Around around = Around::nothing) {
  testing::PowerLossDisk disk("bench");
  const auto store = open_sqlite_store({"state", disk.name(), ""}, bench::bench_sealer());
  if (!store) bench::give_up(store.error());
  bench::BenchAgent agent(**store);
  constexpr unsigned kPolls = 200;
  const auto poll = [&] {
    agent.answer(mails, command);
    if (around == Around::empty_polls) agent.idle_for_an_interval();
  };
  for (unsigned i = 0; i < 20; ++i) poll();
  disk.reset_counters();
  for (unsigned i = 0; i < kPolls; ++i) poll();
  const auto counted = disk.counters();
  const double all = kPolls * mails;
  std::printf("%-36s %10.2f %10.2f %10.1f KiB\n", name.c_str(), static_cast<double>(counted.syncs) / all,
              static_cast<double>(counted.writes) / all,
              static_cast<double>(counted.bytes_written) / all / 1024);
}

std::size_t kept(const testing::PowerLossDisk& disk) {
  std::size_t bytes = 0;
  for (const std::string& file : disk.files()) bytes += disk.contents(file).size();
  return bytes;
}

void size_of_state() {
  testing::PowerLossDisk disk("bench");
  const auto store = open_sqlite_store({"state", disk.name(), ""}, bench::bench_sealer());
  if (!store) bench::give_up(store.error());
  bench::BenchAgent agent(**store);
  std::printf("\n%-44s %12zu KiB\n", "state with settings, no mail yet", kept(disk) / 1024);
  unsigned done = 0;
  for (const unsigned mails : {1000U, 5000U, 10'000U}) {
    for (; done < mails; done += 5) agent.answer(5, "GetLog Counter");
    std::printf("%-44s %12zu KiB\n", ("state after " + std::to_string(mails) + " mails").c_str(),
                kept(disk) / 1024);
  }
}

// What a start costs when much is remembered: 4,096 keys, 100 replies that wait. Opening checks every row.
void recovery() {
  constexpr unsigned kKeys = 4096, kWaiting = 100;
  const bench::BenchFolder folder;
  const SqliteOptions options{folder.file("state.db"), "", ""};
  {
    const auto store = open_sqlite_store(options, bench::bench_sealer());
    if (!store) bench::give_up(store.error());
    Batch batch;
    batch.now = WallTime(std::chrono::milliseconds(1'800'000'000'000));
    for (unsigned i = 0; i < kKeys; ++i) {
      MailVerdict verdict;
      verdict.key = {"imap copier@example.net", std::to_string(i)};
      verdict.digest = std::string(28, 'd') + std::to_string(1000 + i);
      if (i < kWaiting) {
        verdict.replies.push_back({"rm." + std::to_string(i) + "@example.net", OutboxMail::Kind::reply,
                                   "engineer@example.com", "Counter list", std::string(4096, 'x'), false});
      }
      batch.verdicts.push_back(std::move(verdict));
    }
    if (const auto done = (*store)->commit(batch); !done) bench::give_up(done.error());
  }
  std::vector<double> times;
  for (int i = 0; i < 20; ++i) {
    const double began = bench::wall_seconds();
    const auto store = open_sqlite_store(options, bench::bench_sealer());
    if (!store) bench::give_up(store.error());
    if (const auto waiting = (*store)->outbox(); !waiting || waiting->size() != kWaiting)
      bench::give_up(make_error(Cause::internal, Step::store, "not every reply waits"));
    times.push_back((bench::wall_seconds() - began) * 1000);
  }
  std::printf("\n%-44s %12.1f ms\n", "start with 4,096 keys and 100 waiting replies", bench::median(times));
}

}  // namespace

int main() {
  idle();
  std::printf("\n%-36s %10s %10s %14s\n", "a mail answered and sent costs", "syncs", "writes", "written");
  answering("GetLog, one mail a poll", 1, "GetLog");
  answering("GetLog, five mails a poll", 5, "GetLog");
  answering("GetLog Counter, one mail a poll", 1, "GetLog Counter");
  answering("the same, an empty poll behind each", 1, "GetLog Counter", Around::empty_polls);
  answering("GetLog Counter, five mails a poll", 5, "GetLog Counter");
  size_of_state();
  recovery();
}
