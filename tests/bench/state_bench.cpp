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
  std::printf("%-44s %12llu KiB\n", "resident after 100 idle polls",
              static_cast<unsigned long long>(resident));
  std::printf("%-44s %12lld KiB\n", "growth over 10,000 more",
              static_cast<long long>(resident_after) - static_cast<long long>(resident));
  std::printf("%-44s %12llu bytes\n", "written by 10,000 idle polls (wchar)",
              static_cast<unsigned long long>(written_after - written));
}

void answering(const std::string& name, unsigned mails, const std::string& command) {
  testing::PowerLossDisk disk("bench");
  const auto store = open_sqlite_store({"state", disk.name(), ""}, bench::bench_sealer());
  if (!store) bench::give_up(store.error());
  bench::BenchAgent agent(**store);
  constexpr unsigned kPolls = 200;
  for (unsigned i = 0; i < 20; ++i) agent.answer(mails, command);
  disk.reset_counters();
  for (unsigned i = 0; i < kPolls; ++i) agent.answer(mails, command);
  const auto counted = disk.counters();
  const double all = kPolls * mails;
  std::printf("%-34s %10.2f %10.2f %10.1f KiB\n", name.c_str(), static_cast<double>(counted.syncs) / all,
              static_cast<double>(counted.writes) / all,
              static_cast<double>(counted.bytes_written) / all / 1024);
}

}  // namespace

int main() {
  idle();
  std::printf("\n%-34s %10s %10s %14s\n", "a mail answered and sent costs", "syncs", "writes", "written");
  answering("GetLog, one mail a poll", 1, "GetLog");
  answering("GetLog, five mails a poll", 5, "GetLog");
  answering("GetLog Counter, one mail a poll", 1, "GetLog Counter");
  answering("GetLog Counter, five mails a poll", 5, "GetLog Counter");
}
