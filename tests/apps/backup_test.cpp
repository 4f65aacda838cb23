// `backup` and `restore`, by the program itself.
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <filesystem>

#include "apps/temporary_folder.hpp"
#include "remotemail/mail_store/sqlite_backup.hpp"

namespace {

struct Answer {
  int status = 0;
  std::string text;  // both outputs
};

class Desk {
 public:
  // On the state directory `state` of the folder.
  Answer run(const std::string& words, const std::string& state = "state") const {
    const std::string line = std::string("cd ") + folder.path + " && " REMOTEMAILD " --state " + folder.path +
                             "/" + state + " " + words + " > " + folder.path + "/out 2>&1 < /dev/null";
    const int status = std::system(line.c_str());
    return {WEXITSTATUS(status), folder.read("out")};
  }
  std::string value(const std::string& key, const std::string& state = "state") const {
    std::string text = run("settings get " + key, state).text;
    return text.substr(0, text.find('\n'));
  }
  void set_up() const {
    folder.write("secret", "a-mailbox-password");
    REQUIRE(
        run("settings set reception.server=mail.example.com reception.user=copier reception.password=@secret "
            "reception.nickname=first")
            .status == 0);
  }
  TemporaryFolder folder;
};

}  // namespace

TEST_CASE("backup: a copy brings back what was set, and what it replaces is kept [R9]") {
  Desk desk;
  desk.set_up();
  REQUIRE(desk.run("backup copy").status == 0);
  struct stat about {};
  REQUIRE(::stat((desk.folder.path + "/copy").c_str(), &about) == 0);
  CHECK((about.st_mode & 0777) == 0600);
  CHECK(desk.run("settings set reception.nickname=second").status == 0);
  CHECK(desk.run("restore copy").status == 2);  // there is a state: --yes is wanted
  CHECK(desk.value("reception.nickname") == "second");
  CHECK(desk.run("restore --yes copy").status == 0);
  CHECK(desk.value("reception.nickname") == "first");
  CHECK(desk.value("reception.password") == "set");
  CHECK(std::filesystem::exists(desk.folder.path + "/state/state.db.before-restore"));
  for (const auto& entry : std::filesystem::directory_iterator(desk.folder.path + "/state")) {
    CHECK_MESSAGE(entry.path().extension() != ".tmp", entry.path().string());
  }
}

TEST_CASE(
    "backup: without the sealing key it holds no secret that can be read, with it everything comes back elsewhere [Y3]") {
  Desk desk;
  desk.set_up();
  REQUIRE(desk.run("backup copy").status == 0);
  REQUIRE(desk.run("backup --with-key whole").status == 0);
  const std::string key = desk.folder.read("state/key");
  REQUIRE(key.size() == 32);
  CHECK(desk.folder.read("copy").find("a-mailbox-password") == std::string::npos);
  CHECK(desk.folder.read("copy").find(key) == std::string::npos);
  CHECK(desk.folder.read("whole").find(key) != std::string::npos);

  const auto told = desk.run("restore copy", "elsewhere");
  CHECK(told.status == 0);
  CHECK(told.text.find("enter anew: reception.password") != std::string::npos);
  CHECK(desk.value("reception.nickname", "elsewhere") == "first");
  CHECK(desk.value("reception.password", "elsewhere") == "not set");
  CHECK(desk.run("restore --yes whole", "elsewhere").status == 0);
  CHECK(desk.value("reception.password", "elsewhere") == "set");
  CHECK(desk.folder.read("elsewhere/key") == key);
  CHECK(desk.folder.read("elsewhere/state.db").find(key) == std::string::npos);
}

TEST_CASE("backup: a file that is there is not overwritten [R9]") {
  Desk desk;
  desk.set_up();
  desk.folder.write("mine", "precious");
  const auto told = desk.run("backup mine");
  CHECK(told.status == 2);
  CHECK(told.text.find("is there already") != std::string::npos);
  CHECK(desk.folder.read("mine") == "precious");
  CHECK(desk.run("backup").status == 2);
  CHECK(desk.run("backup no-such-folder/file").status == 2);
}

TEST_CASE(
    "restore: what is no sound backup changes nothing, wherever it was cut or flipped [R9, fault 59, fault 96]") {
  Desk desk;
  desk.set_up();
  REQUIRE(desk.run("backup copy").status == 0);
  const std::string whole = desk.folder.read("copy");
  CHECK(desk.run("settings set reception.nickname=second").status == 0);
  const auto refused = [&](const std::string& bytes) {
    desk.folder.write("bad", bytes);
    const auto told = desk.run("restore --yes bad");
    CHECK(told.status != 0);
    CHECK(desk.value("reception.nickname") == "second");
    CHECK_FALSE(std::filesystem::exists(desk.folder.path + "/state/restore.tmp"));
  };
  refused("this is no database");
  for (const std::size_t size :
       {std::size_t{1}, std::size_t{100}, std::size_t{4096}, whole.size() / 2, whole.size() - 1})
    refused(whole.substr(0, size));
  std::string flipped = whole;
  const auto row = flipped.find("reception.nicknamefirst");  // a value under its row's checksum
  REQUIRE(row != std::string::npos);
  flipped[row + 18] = 'F';
  refused(flipped);
  CHECK(desk.run("restore --yes no-such-file").status == 2);
}

TEST_CASE(
    "restore: a file that somebody made replaces nothing, and writes nothing to a terminal but words [R9, Y6]") {
  Desk desk;
  desk.set_up();
  REQUIRE(desk.run("backup copy").status == 0);
  const std::string whole = desk.folder.read("copy");
  const std::string state = desk.folder.read("state/state.db"), key = desk.folder.read("state/key");
  const auto refused = [&](const char* file) {
    const auto told = desk.run(std::string("restore --yes ") + file);
    CHECK(told.status == 1);
    CHECK(told.text.find('\x1b') == std::string::npos);
    CHECK(desk.folder.read("state/state.db") == state);
    CHECK(desk.folder.read("state/key") == key);
    CHECK_FALSE(std::filesystem::exists(desk.folder.path + "/state/restore.tmp"));
    CHECK_FALSE(std::filesystem::exists(desk.folder.path + "/state/state.db.before-restore"));
  };
  const auto with = [&](const std::string& before, std::string after) {
    std::string bytes = whole;
    const auto at = bytes.find(before);
    REQUIRE(at != std::string::npos);
    after.resize(before.size(), ' ');
    bytes.replace(at, after.size(), after);
    desk.folder.write("bad", bytes);
  };
  // A table that vouches for nothing.
  with("CHECK(sum = checksum(copier, key, form, text, bound_to, generation))", "CHECK(1)");
  refused("bad");
  // What SQLite quotes of the file would clear the screen.
  with("name TEXT NOT NULL, value INTEGER", "name \x1b[2J NULL, value INTEGER");
  refused("bad");
  // A value of half a gigabyte, to be looked at.
  with("CHECK(sum = checksum(copier, number, id, kind, recipient, what, shows_secret, created, next_attempt,",
       "CHECK(length(hex(zeroblob(400000000)))), CHECK(checksum(number,");
  refused("bad");
  CHECK(desk.folder.read("out").find("the state is damaged") != std::string::npos);
  // A key that is none would be found out too late.
  desk.folder.write("bad", whole);
  REQUIRE(remotemail::put_key_into_backup(desk.folder.path + "/bad", remotemail::Secret("short")));
  refused("bad");
}

TEST_CASE("restore: a key that cannot be kept, or a state, leaves both as they were [Y3, R9]") {
  Desk desk;
  desk.set_up();
  REQUIRE(desk.run("backup --with-key whole").status == 0);
  REQUIRE(desk.run("settings set reception.nickname=other", "elsewhere").status == 0);
  const std::string key = desk.folder.read("elsewhere/key");
  const std::string elsewhere = desk.folder.path + "/elsewhere/";
  std::string in_the_way;
  SUBCASE("the key") {
    in_the_way = elsewhere + "key.restored.new";
  }
  SUBCASE("the state") {
    in_the_way = elsewhere + "state.db.before-restore";
  }
  std::filesystem::create_directories(in_the_way + "/x");
  CHECK(desk.run("restore --yes whole", "elsewhere").status == 1);
  CHECK(desk.folder.read("elsewhere/key") == key);
  CHECK(desk.value("reception.nickname", "elsewhere") == "other");
  for (const char* left : {"key.restored", "restore.tmp"})
    CHECK_FALSE(std::filesystem::exists(elsewhere + left));
  std::filesystem::remove_all(in_the_way);
  CHECK(desk.run("restore --yes whole", "elsewhere").status == 0);
  CHECK(desk.value("reception.password", "elsewhere") == "set");
}

TEST_CASE(
    "restore: where the service has its key from a credential, it asks for that and makes no key [Y3]") {
  Desk desk;
  desk.set_up();
  REQUIRE(desk.run("backup copy").status == 0);
  std::filesystem::rename(desk.folder.path + "/state/key", desk.folder.path + "/key");
  desk.folder.write("state/key.credential", "");
  for (const char* words :
       {"restore --yes copy", "settings get reception.nickname", "backup --with-key another"}) {
    CAPTURE(words);
    const auto told = desk.run(words);
    CHECK(told.status != 0);
    CHECK(told.text.find("start the service") != std::string::npos);
  }
  CHECK_FALSE(std::filesystem::exists(desk.folder.path + "/state/key"));
}
