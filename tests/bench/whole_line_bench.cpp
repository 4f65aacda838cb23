// The whole line, five mails a poll: from a mailbox in memory to an SMTP server in memory.
#include "bench_agent.hpp"
#include "measure.hpp"
#include "remotemail/mail_store/memory_store.hpp"
#include "remotemail/mail_store/sqlite_store.hpp"

using namespace remotemail;

namespace {
constexpr unsigned kMails = 5;  // D2
}

int main() {
  bench::heading("whole line, polls of five mails of 1 KiB: mails");
  {
    const auto store = make_memory_store();
    bench::BenchAgent agent(*store);
    bench::rate(
        "memory store, GetLog Counter", [&] { agent.answer(kMails, "GetLog Counter"); }, kMails);
  }
  const bench::BenchFolder folder;
  const auto store = open_sqlite_store({folder.file("state.db"), "", ""}, bench::bench_sealer());
  if (!store) bench::give_up(store.error());
  bench::BenchAgent agent(**store);
  bench::rate(
      "SQLite on disk, GetLog Counter", [&] { agent.answer(kMails, "GetLog Counter"); }, kMails);
}
