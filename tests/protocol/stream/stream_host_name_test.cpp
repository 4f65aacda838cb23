#include <doctest/doctest.h>

#include "protocol/stream/host_name.hpp"

using namespace remotemail;

TEST_CASE("host name: addresses are told from names [B10]") {
  struct Row {
    std::string_view text;
    std::size_t octets;
  };
  for (const Row& row : {Row{"192.0.2.1", 4},
                         {"2001:db8::1", 16},
                         {"::", 16},
                         {"fe80::1%eth0", 16},
                         {"127.1", 0},
                         {"1234", 0},
                         {"mail.example.com", 0},
                         {"192.0.2.1.example", 0},
                         {"", 0},
                         {"192.0.2.256", 0},
                         {"1::2::3", 0},
                         {std::string_view("192.0.2.1\0x", 11), 0}}) {
    CAPTURE(row.text);
    const auto octets = address_octets(row.text);
    CHECK((octets ? octets->size() : 0) == row.octets);
  }
}

TEST_CASE("host name: brackets and the final dot are no part of it [B10]") {
  CHECK(bare_host("[2001:db8::1]") == "2001:db8::1");
  CHECK(bare_host("mail.example.com.") == "mail.example.com");
  CHECK(bare_host("mail") == "mail");
  CHECK(bare_host(".") == ".");
  CHECK(bare_host("").empty());
}

TEST_CASE("host name: what cannot be one is not looked up [B10, Y6]") {
  CHECK(is_plausible_name("mail.example.com"));
  CHECK(is_plausible_name(std::string(253, 'a')));
  CHECK_FALSE(is_plausible_name(std::string(254, 'a')));
  CHECK_FALSE(is_plausible_name(""));
  CHECK_FALSE(is_plausible_name("mail example"));
  CHECK_FALSE(is_plausible_name("mail\r\nQUIT"));
  CHECK_FALSE(is_plausible_name(std::string_view("mail\0.evil", 10)));
}
