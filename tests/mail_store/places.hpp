// Places where a store may be kept, for tests that run against every implementation.
#pragma once

#include <doctest/doctest.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <string>

#include "remotemail/core/random.hpp"
#include "remotemail/core/sealer.hpp"
#include "remotemail/mail_store/memory_store.hpp"
#ifdef REMOTEMAIL_SQLITE
#include "remotemail/mail_store/sqlite_store.hpp"
#endif

namespace remotemail::test {

inline Sealer& test_sealer() {
  static SystemRandom random;
  static Sealer sealer(Secret(std::string(32, 'k')), random);
  return sealer;
}

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "remotemail-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

struct InMemory {
  static constexpr bool kSeals = false;
  std::unique_ptr<Store> held = make_memory_store();
  Store& store() { return *held; }
};

#ifdef REMOTEMAIL_SQLITE
struct OnSqlite {
  static constexpr bool kSeals = true;
  TemporaryFolder folder;
  std::unique_ptr<Store> held;
  Store& store() {
    if (!held) {
      auto opened = open_sqlite_store({folder.file("store"), "", ""}, test_sealer());
      REQUIRE_MESSAGE(opened.ok(), describe(opened.error()));
      held = std::move(*opened);
    }
    return *held;
  }
};

// Nothing may live in the object alone.
struct OnSqliteReopenedAtEachCall : OnSqlite {
  Store& store() {
    held.reset();
    return OnSqlite::store();
  }
};
#endif

}  // namespace remotemail::test
