// DIR: lock, sealing key, and what lies in it.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>

#include "apps/temporary_folder.hpp"
#include "sealing_key_file.hpp"
#include "state_lock.hpp"

using namespace remotemaild;

namespace {
unsigned mode_of(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 0777U : 0;
}
}  // namespace

TEST_CASE("state: one process at a time holds the lock, and its end gives it back") {
  TemporaryFolder folder;
  const std::string state = folder.path + "/state";
  auto first = StateLock::try_take(state);
  REQUIRE(first.ok());
  REQUIRE(*first != nullptr);
  CHECK(mode_of(state) == 0700);
  auto second = StateLock::try_take(state);
  REQUIRE(second.ok());
  CHECK(*second == nullptr);
  first->reset();
  auto third = StateLock::try_take(state);
  REQUIRE(third.ok());
  CHECK(*third != nullptr);
}

TEST_CASE("state: a folder that cannot be made is named") {
  TemporaryFolder folder;
  const std::string file = folder.write("file", "");
  CHECK(describe(StateLock::try_take(file + "/state").error()).find(file) != std::string::npos);
}

TEST_CASE("state: the sealing key is made once, 32 octets, for its owner only [Y3]") {
  TemporaryFolder folder;
  remotemail::SystemRandom random;
  SealingKeyFile file(folder.path, "", random);
  const auto key = file.key();
  REQUIRE(key.ok());
  CHECK(key->reveal().size() == 32);
  CHECK(mode_of(folder.path + "/key") == 0600);
  CHECK(SealingKeyFile(folder.path, "", random).key()->reveal() == key->reveal());
  CHECK(file.description().find("key (0600)") != std::string::npos);
}

TEST_CASE("state: a credential of systemd is the sealing key where there is one, and no file is made [Y3]") {
  TemporaryFolder folder;
  folder.write("mailkey", "a credential of any length from sixteen octets on");
  remotemail::SystemRandom random;
  SealingKeyFile file(folder.path, folder.path, random);
  CHECK(file.key()->reveal().size() == 32);
  CHECK(mode_of(folder.path + "/key") == 0);
  CHECK(file.description() == "credential mailkey");
  folder.write("mailkey", "short");
  CHECK_FALSE(SealingKeyFile(folder.path, folder.path, random).key().ok());
}

TEST_CASE("state: a key of the wrong length is refused, never replaced [Y3]") {
  TemporaryFolder folder;
  folder.write("key", "short");
  remotemail::SystemRandom random;
  CHECK(SealingKeyFile(folder.path, "", random).key().error().cause == remotemail::Cause::key_missing);
  CHECK(folder.read("key") == "short");
}

TEST_CASE("state: without the credential it was sealed under nothing is unsealed, and no key is made [Y3]") {
  TemporaryFolder folder;
  folder.write("mailkey", "a credential of any length from sixteen octets on");
  remotemail::SystemRandom random;
  std::filesystem::create_directory(folder.path + "/state");
  REQUIRE(SealingKeyFile(folder.path + "/state", folder.path, random).key().ok());
  const auto beside = SealingKeyFile(folder.path + "/state", "", random).key();
  REQUIRE_FALSE(beside.ok());
  CHECK(beside.error().cause == remotemail::Cause::key_missing);
  const std::string words = describe(beside.error());
  CHECK(words.find("systemd's credential mailkey") != std::string::npos);
  CHECK(words.find("start the service") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(folder.path + "/state/key"));
  // A key that lies there, too, is not the one.
  folder.write("state/key", std::string(32, 'k'));
  CHECK_FALSE(SealingKeyFile(folder.path + "/state", "", random).key().ok());
  CHECK(SealingKeyFile(folder.path + "/state", folder.path, random).key().ok());
  std::filesystem::remove(folder.path + "/state/key.credential");
  CHECK(SealingKeyFile(folder.path + "/state", "", random).key()->reveal() == std::string(32, 'k'));
}

TEST_CASE("state: a restore that was cut off has the new key exactly with the new state [Y3, R9]") {
  TemporaryFolder folder;
  remotemail::SystemRandom random;
  const std::string before(32, 'b'), after(32, 'a');
  folder.write("key", before);
  SealingKeyFile restoring(folder.path, "", random);
  REQUIRE(restoring.announce(remotemail::Secret(after)));
  CHECK(mode_of(folder.path + "/key.restored") == 0600);
  SUBCASE("the state was not replaced") {
    folder.write("restore.tmp", "a state");
    CHECK(SealingKeyFile(folder.path, "", random).key()->reveal() == before);
  }
  SUBCASE("the state was replaced") {
    CHECK(SealingKeyFile(folder.path, "", random).key()->reveal() == after);
    CHECK(folder.read("key.before-restore") == before);
  }
  CHECK_FALSE(std::filesystem::exists(folder.path + "/key.restored"));
}
