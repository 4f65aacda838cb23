#include "protocol/line_channel.hpp"

#include <doctest/doctest.h>
#include <malloc.h>

#include <cstdlib>
#include <new>

#include "remotemail/testing/manual_clock.hpp"

using namespace remotemail;

namespace {

constexpr std::string_view kPassword = "hunter2-correct-horse-battery";
// While a test watches, every block of memory that is given back is searched.
bool watching = false;
std::size_t blocks_with_password = 0;

class DeafStream final : public Stream {
 public:
  explicit DeafStream(bool fails) : fails_(fails) {}
  Result<std::size_t> read(std::span<char>, const Deadline&) override { return std::size_t{0}; }
  Status write(std::string_view bytes, const Deadline&) override {
    octets += bytes.size();
    if (fails_) return make_error(Cause::connection_lost, Step::none);
    return {};
  }
  Status start_tls(const TlsPolicy&, const Deadline&) override { return {}; }
  std::size_t octets = 0;

 private:
  bool fails_;
};

class TalkingStream final : public Stream {
 public:
  explicit TalkingStream(std::string text) : text_(std::move(text)) {}
  Result<std::size_t> read(std::span<char> out, const Deadline&) override {
    if (at_ == text_.size()) return std::size_t{0};
    out[0] = text_[at_++];
    return std::size_t{1};
  }
  Status write(std::string_view, const Deadline&) override { return {}; }
  Status start_tls(const TlsPolicy&, const Deadline&) override { return {}; }

 private:
  std::string text_;
  std::size_t at_ = 0;
};

}  // namespace

// The program's own, for it is the only way to see what is left in memory.
void* operator new(std::size_t size) {
  if (void* block = std::malloc(size > 0 ? size : 1)) return block;
  throw std::bad_alloc();
}
void operator delete(void* block) noexcept {
  if (watching && block != nullptr) {
    const std::string_view text(static_cast<const char*>(block), malloc_usable_size(block));
    if (text.find(kPassword) != std::string_view::npos) ++blocks_with_password;
  }
  std::free(block);
}
void operator delete(void* block, std::size_t) noexcept {
  operator delete(block);
}

TEST_CASE("line channel: a line that is written leaves no copy of a password behind [Y4]") {
  for (const bool fails : {false, true}) {
    testing::ManualClock clock;
    auto stream = std::make_unique<DeafStream>(fails);
    const DeafStream& deaf = *stream;
    LineChannel channel(std::move(stream), clock);
    watching = true;
    const bool written = channel.write_line({"a1 LOGIN bob ", kPassword}, {}).ok();
    watching = false;
    CHECK(written != fails);
    CHECK(deaf.octets == 13 + kPassword.size() + 2);
    CHECK(blocks_with_password == 0);
  }
}

TEST_CASE("line channel: a line is measured without its end, whichever it has [Y6]") {
  for (const char* end : {"\r\n", "\n"}) {
    CAPTURE(std::string(end));
    testing::ManualClock clock;
    LineChannel channel(
        std::make_unique<TalkingStream>("1234567890" + std::string(end) + "1234567890x" + end), clock);
    const auto line = channel.read_line({}, 10);
    REQUIRE(line.ok());
    CHECK(*line == "1234567890");
    const auto longer = channel.read_line({}, 10);
    REQUIRE_FALSE(longer.ok());
    CHECK(longer.error().cause == Cause::answer_too_large);
  }
}
