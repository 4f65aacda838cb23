// The walls of the house: who may include whom (CONTRIBUTING.md has the same table in words).
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>

namespace {

namespace fs = std::filesystem;

struct Include {
  std::string file;    // "libremotemail/agent/agent.cpp"
  std::string target;  // "remotemail/core/clock.hpp"
  bool quoted = false;
};

std::vector<Include> includes_below(const std::string& folder) {
  std::vector<Include> found;
  const fs::path root = REMOTEMAIL_SOURCE_DIR;
  for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
    const auto extension = entry.path().extension();
    if (extension != ".cpp" && extension != ".hpp") continue;
    std::ifstream in(entry.path());
    for (std::string line; std::getline(in, line);) {
      if (line.rfind("#include ", 0) != 0 || line.size() < 12) continue;
      const char close = line[9] == '<' ? '>' : '"';
      const auto end = line.find(close, 10);
      if (end == std::string::npos) continue;
      found.push_back(
          {fs::relative(entry.path(), root).generic_string(), line.substr(10, end - 10), close == '"'});
    }
  }
  return found;
}

bool starts(const std::string& text, const std::string& prefix) {
  return text.rfind(prefix, 0) == 0;
}

// The room a file or an include belongs to: "core", "agent", …; empty for none of ours.
std::string room_of(std::string path) {
  for (const std::string prefix : {"libremotemail/include/remotemail/", "libremotemail/", "remotemail/"}) {
    if (starts(path, prefix)) {
      path.erase(0, prefix.size());
      break;
    }
  }
  const auto slash = path.find('/');
  static const std::set<std::string> rooms{
      "core",       "protocol", "command_parser", "authenticator", "list_formatter", "device_adapter",
      "mail_store", "settings", "agent",          "web",           "testing"};
  const std::string room = slash == std::string::npos ? "" : path.substr(0, slash);
  return rooms.count(room) > 0 ? room : "";
}

}  // namespace

TEST_CASE(
    "house: a room includes core and itself; agent the seven rooms; web the agent; testing everything") {
  const std::set<std::string> seven{"protocol",       "command_parser", "authenticator", "list_formatter",
                                    "device_adapter", "mail_store",     "settings"};
  std::size_t seen = 0;
  for (const Include& include : includes_below("libremotemail")) {
    const std::string from = room_of(include.file), to = room_of(include.target);
    if (!include.quoted || to.empty() || from == to || to == "core") continue;
    ++seen;
    CAPTURE(include.file);
    CAPTURE(include.target);
    const bool allowed = from == "testing" || (from == "agent" && seven.count(to) > 0) ||
                         (from == "web" && (to == "agent" || seven.count(to) > 0));
    CHECK(allowed);
  }
  CHECK(seen > 10);
}

TEST_CASE("house: a private header is included only by its own room, and core's by all") {
  for (const Include& include : includes_below("libremotemail")) {
    if (!include.quoted || starts(include.target, "remotemail/")) continue;
    const std::string from = room_of(include.file), to = room_of(include.target);
    CAPTURE(include.file);
    CAPTURE(include.target);
    CHECK((to == "core" || to == from || from == "testing"));
  }
}

TEST_CASE("house: public headers include the standard library and public headers only") {
  for (const Include& include : includes_below("libremotemail/include")) {
    CAPTURE(include.file);
    CAPTURE(include.target);
    if (include.quoted) {
      CHECK(starts(include.target, "remotemail/"));
    } else {
      // Standard headers have neither a folder nor an ending.
      CHECK(include.target.find_first_of("./") == std::string::npos);
    }
  }
}

TEST_CASE("house: Poco, SQLite, c-ares and OpenSSL stay in their rooms") {
  const std::map<std::string, std::vector<std::string>> homes{
      {"Poco/",
       {"libremotemail/protocol/stream/", "libremotemail/protocol/oauth/", "libremotemail/web/server/",
        "libremotemail/testing/"}},
      {"sqlite3.h", {"libremotemail/mail_store/", "libremotemail/testing/"}},
      {"ares", {"libremotemail/protocol/stream/"}},
      {"openssl/",
       {"libremotemail/core/crypto/", "libremotemail/protocol/stream/", "libremotemail/web/server/",
        "libremotemail/testing/"}},
      {"date/", {"libremotemail/settings/"}},
  };
  for (const Include& include : includes_below("libremotemail")) {
    for (const auto& [library, places] : homes) {
      if (include.quoted || !starts(include.target, library)) continue;
      CAPTURE(include.file);
      CAPTURE(include.target);
      const bool at_home = std::any_of(places.begin(), places.end(),
                                       [&](const std::string& place) { return starts(include.file, place); });
      CHECK(at_home);
    }
  }
}

// Two types of one name in one namespace are undefined behaviour that no linker reports: each room's private
// headers are seen by that room alone, so nobody would notice.
TEST_CASE("house: no two headers define a type of the same name in the same namespace") {
  const fs::path root = fs::path(REMOTEMAIL_SOURCE_DIR) / "libremotemail";
  std::map<std::string, std::string> homes;  // "remotemail::Job" → file
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().extension() != ".hpp") continue;
    std::ifstream in(entry.path());
    std::string space;
    for (std::string line; std::getline(in, line);) {
      if (starts(line, "namespace ")) space = line.substr(10, line.find(' ', 10) - 10);
      for (const std::string word : {"struct ", "class ", "enum class "}) {
        // A specialisation or a nested type defined outside of its class is no second definition.
        if (!starts(line, word) || line.back() != '{' || line.find("[[") != std::string::npos ||
            line.find("::") != std::string::npos)
          continue;
        const std::string name =
            space + "::" + line.substr(word.size(), line.find_first_of(" {:", word.size()) - word.size());
        const auto [home, fresh] = homes.emplace(name, entry.path().string());
        CAPTURE(name);
        CAPTURE(home->second);
        CAPTURE(entry.path().string());
        CHECK(fresh);
      }
    }
  }
  CHECK(homes.size() > 50);
}
