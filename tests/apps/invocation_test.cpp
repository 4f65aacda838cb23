#include "invocation.hpp"

#include <doctest/doctest.h>

#include "apps/temporary_folder.hpp"
#include "socket_frames.hpp"

using namespace remotemaild;
using remotemail::Secret;

namespace {
Invocation settings(std::vector<std::string> arguments) {
  Invocation invocation;
  invocation.command = "settings";
  invocation.arguments = std::move(arguments);
  return invocation;
}
}  // namespace

TEST_CASE("invocation: a secret is read from the file that KEY=@FILE names, without its line end [Y4]") {
  TemporaryFolder folder;
  const std::string file = folder.write("secret", "correct horse\n");
  Invocation invocation = settings({"set", "reception.password=@" + file, "reception.user=copier"});
  REQUIRE(read_named_inputs(invocation).ok());
  CHECK(invocation.texts.at("reception.password").reveal() == "correct horse");
  CHECK(invocation.texts.at("reception.user").reveal() == "copier");
  // The values are out of the arguments by then.
  CHECK(invocation.arguments == std::vector<std::string>{"set"});
}

TEST_CASE("invocation: what cannot be read or is no assignment is named") {
  for (const char* argument : {"reception.password=@/nowhere/at/all", "reception.user"}) {
    Invocation invocation = settings({"set", argument});
    CHECK_FALSE(read_named_inputs(invocation).ok());
  }
  Invocation folder = settings({"set", "reception.password=@/"});
  CHECK(describe(read_named_inputs(folder).error()).find("reception.password: /: is not a regular file") !=
        std::string::npos);
  Invocation both = settings({"set", "reception.password=-", "transmission.smtp_password=-"});
  CHECK(describe(read_named_inputs(both).error()).find("one value only") != std::string::npos);
  Invocation twice = settings({"set", "reception.user=a", "reception.user=b"});
  CHECK(read_named_inputs(twice).error().detail.find("given twice") != std::string::npos);
}

TEST_CASE(
    "invocation: what travels over the control socket arrives as it was, and nothing else is understood") {
  Invocation invocation = settings({"set"});
  invocation.options = {{"yes", ""}, {"number", "3"}};
  invocation.texts.emplace("reception.password", Secret(std::string("p\0q", 3)));
  const std::string bytes = encode(invocation);
  const auto back = decode(bytes);
  REQUIRE(back);
  CHECK(back->command == "settings");
  CHECK(back->arguments == invocation.arguments);
  CHECK(back->options == invocation.options);
  CHECK(back->texts.at("reception.password").reveal() == std::string("p\0q", 3));
  for (std::size_t i = 0; i < bytes.size(); ++i) CHECK_FALSE(decode(bytes.substr(0, i)));
  CHECK_FALSE(decode(bytes + "x"));
  CHECK_FALSE(decode(std::string(64, '\xFF')));
}
