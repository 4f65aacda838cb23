#include <doctest/doctest.h>

#include "core/crypto/digest.hpp"
#include "core/text.hpp"
#include "remotemail/core/password.hpp"
#include "remotemail/core/sealer.hpp"

using namespace remotemail;

namespace {
constexpr HashCost kCheap{4, 8, 1};
}

TEST_CASE("secret: a password is stored as a salted slow hash and matches only itself [Y4]") {
  SystemRandom random;
  const PasswordHash one = hash_password("U-BIX", random, kCheap), other = hash_password("U-BIX", random, kCheap);
  CHECK(one.text != other.text);
  CHECK(one.text.find("U-BIX") == std::string::npos);
  CHECK(verify_password(one, "U-BIX"));
  CHECK_FALSE(verify_password(one, "u-bix"));
  CHECK_FALSE(verify_password(one, "U-BIX "));
  CHECK_FALSE(verify_password({}, ""));
}

TEST_CASE("secret: an unreadable or absurdly expensive hash lets nobody in [Y4]") {
  for (const char* text : {"scrypt", "scrypt$4$8$1$00$00", "scrypt$63$8$1$00$00", "md5$4$8$1$00$00", "$$$$$"}) {
    CHECK_FALSE(verify_password({text}, ""));
  }
}

TEST_CASE("secret: the remembered digest of an accepted password ends with its hash [Y4]") {
  SystemRandom random;
  PasswordCheck check(random);
  const PasswordHash old = hash_password("old", random, kCheap), next = hash_password("new", random, kCheap);
  CHECK(check.matches(old, "old"));
  CHECK(check.matches(old, "old"));
  CHECK_FALSE(check.matches(next, "old"));
  CHECK(check.matches(next, "new"));
  CHECK_FALSE(check.matches({}, "new"));
}

TEST_CASE("secret: what is sealed opens only with its key and its binding [Y3]") {
  SystemRandom random;
  const Sealer sealer(Secret(std::string(32, 'k')), random), other(Secret(std::string(32, 'o')), random);
  const std::string sealed = sealer.seal("topsecret", "mail.example.com|995");
  CHECK(sealed.find("topsecret") == std::string::npos);
  CHECK(sealer.open(sealed, "mail.example.com|995")->reveal() == "topsecret");
  CHECK(sealer.open(sealed, "evil.example.com|995").error().cause == Cause::key_missing);
  CHECK_FALSE(other.open(sealed, "mail.example.com|995").ok());
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string bent = sealed;
    bent[i] = static_cast<char>(bent[i] ^ 1);
    CHECK_FALSE(sealer.open(bent, "mail.example.com|995").ok());
    CHECK_FALSE(sealer.open(sealed.substr(0, i), "mail.example.com|995").ok());
  }
}

TEST_CASE("secret: digests and base32 agree with their standards' examples") {
  CHECK(to_hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(base32_lower("foobar") == "mzxw6ytboi");
}
