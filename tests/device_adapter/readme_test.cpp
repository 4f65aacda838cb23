#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

namespace {

std::string content_of(const std::string& path) {
  std::ifstream file(std::string(REMOTEMAIL_SOURCE_DIR "/") + path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("adapter's readme: the example that it shows is the one that is built") {
  const std::string readme = content_of("libremotemail/device_adapter/README.md");
  const std::string example = content_of("examples/own_device_adapter.cpp");
  REQUIRE_FALSE(example.empty());
  CHECK(readme.find("```cpp\n" + example + "```") != std::string::npos);
}
