// A program of somebody else: a mail is parsed, its command read, the store opened and closed.
#include <cstdio>
#include <filesystem>

#include "remotemail/command_parser/command_parser.hpp"
#include "remotemail/mail_store/sqlite_store.hpp"
#include "remotemail/protocol/message.hpp"

int main() {
  using namespace remotemail;
  const Mail mail =
      parse_mail({{"box", "1"}, 0, "From: a@example.com\r\nSubject: s\r\n\r\nGetLog Counter\r\n", true});
  const Plan plan = ManualCommandParser().parse(mail.text);

  SystemRandom random;
  const Sealer sealer(Secret(random.hex(16)), random);
  const std::string path = std::filesystem::temp_directory_path() / ("remotemail-consumer-" + random.hex(8));
  bool opened = false;
  {
    const auto store = open_sqlite_store({path, "", ""}, sealer);
    opened = store.ok();
  }
  std::filesystem::remove(path);
  std::filesystem::remove(path + "-wal");
  const bool good = opened && plan.items.size() == 1 && plan.items[0].list == ListId::counter;
  std::printf("%s\n", good ? "good" : "wrong");
  return good ? 0 : 1;
}
