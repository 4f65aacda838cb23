#include "configuration.hpp"

#include <doctest/doctest.h>

#include "apps/temporary_folder.hpp"

using namespace remotemaild;

TEST_CASE("configuration: without a file the defaults count, and a file changes what it names") {
  CHECK(read_configuration("")->log_level == remotemail::LogLevel::info);
  TemporaryFolder folder;
  const auto read = read_configuration(folder.write(
      "c.ini",
      "; the copier of the 2nd floor\n[log]\nlevel = "
      "debug\n[device]\nkind=simulated\nseed=42\nbirth=2025-01-31\n[web]\nlisten=127.0.0.1:8080\nsession_seconds=60\n"));
  REQUIRE(read.ok());
  CHECK(read->log_level == remotemail::LogLevel::debug);
  CHECK(read->device_seed == 42);
  CHECK(read->device_birth == std::chrono::sys_days{std::chrono::year{2025} / 1 / 31});
  CHECK(read->web.listen == "127.0.0.1:8080");
  CHECK(read->web.session_seconds == 60);
}

TEST_CASE("configuration: what is wrong is named with file, section, key and what is right") {
  TemporaryFolder folder;
  const struct {
    const char *text, *part;
  } cases[] = {{"[log]\nlevel=loud\n", "[log] level wants error, warning"},
               {"[device]\nseed=-1\n", "[device] seed wants a whole number"},
               {"[device]\nbirth=2025-02-30\n", "[device] birth wants a day"},
               {"[device]\nkind=real\n", "[device] kind wants simulated"},
               {"[web]\nlisten=copier:8080\n", "[web] listen wants"},
               {"[web]\nlisten=127.0.0.1\n", "[web] listen wants"},
               {"[web]\nlisten=127.0.0.1:65536\n", "[web] listen wants"},
               {"[web]\nlisten=::1:8080\n", "[web] listen wants"},
               {"[web]\nlisten=[127.0.0.1]:8080\n", "[web] listen wants"},
               {"[web]\nsession_seconds=14\n", "[web] session_seconds wants a whole number from 15 to 600"},
               {"[web]\nsession_seconds=601\n", "[web] session_seconds wants"},
               {"[web]\ntransport=plain\n", "[web] transport wants automatic, https or http"},
               {"[web]\ncertificate=\n", "[web] certificate wants a PEM file"},
               {"[ce_desk]\nport=0\n", "[ce_desk] port wants"},
               {"[ce_desk]\nsecurity=ssl\n", "[ce_desk] security wants tls, starttls or none"},
               {"[ce_desk]\nspool=mbox\n", "[ce_desk] spool wants imap or pop3"},
               {"[web]\ncolour=red\n", "unknown key [web] colour"},
               {"level=info\n", "outside of a section"}};
  for (const auto& c : cases) {
    CAPTURE(c.text);
    const auto read = read_configuration(folder.write("c.ini", c.text));
    REQUIRE_FALSE(read.ok());
    CHECK(read.error().detail.find("c.ini") != std::string::npos);
    CHECK(read.error().detail.find(c.part) != std::string::npos);
  }
  CHECK(describe(read_configuration(folder.path + "/none.ini").error()).find("none.ini: No such file") !=
        std::string::npos);
  CHECK(describe(read_configuration(folder.path).error()).find("is not a regular file") != std::string::npos);
}

TEST_CASE(
    "configuration: a state of the system has its file in /etc, another has none; it may lack, a named one not") {
  const struct {
    const char *state, *file;
  } cases[] = {{"/var/lib/remotemail", "/etc/remotemail/remotemaild.ini"},
               {"/var/lib/remotemail/", "/etc/remotemail/remotemaild.ini"},
               {"/var/lib/remotemail/tokyo", "/etc/remotemail/tokyo.ini"},
               {"/var/lib/remotemail/tokyo/", "/etc/remotemail/tokyo.ini"},
               {"/var/lib/remotemail/..", ""},
               {"/var/lib/remotemail/a/b", ""},
               {"/var/lib/remotemail2", ""},
               {"/tmp/state", ""},
               {"/", ""},
               {"", ""}};
  for (const auto& c : cases) {
    CAPTURE(c.state);
    CHECK(configuration_of(c.state).path == c.file);
  }
  CHECK(configuration_of("/var/lib/remotemail").may_lack);
  TemporaryFolder folder;
  CHECK(read_configuration(ConfigurationFile{folder.path + "/none.ini", true}).ok());
  CHECK_FALSE(read_configuration(ConfigurationFile{folder.path + "/none.ini", false}).ok());
  CHECK_FALSE(
      read_configuration(ConfigurationFile{folder.write("bad.ini", "[log]\nlevel=loud\n"), true}).ok());
}

TEST_CASE("configuration: a listener is an address with a port, or a port of loopback") {
  TemporaryFolder folder;
  for (const char* listen :
       {"127.0.0.1:8080", "0.0.0.0:8443", "[::1]:8080", "[::]:443", "8080", "127.0.0.1:0"}) {
    CAPTURE(listen);
    const auto read =
        read_configuration(folder.write("c.ini", std::string("[web]\nlisten = ") + listen + "\n"));
    REQUIRE(read.ok());
    CHECK(read->web.listen == listen);
  }
}
