// What holds for each of the ten lists.
#include <doctest/doctest.h>

#include <set>

#include "copier_fixture.hpp"
#include "remotemail/testing/device_contract.hpp"

using namespace remotemail;
using namespace remotemail::test;
using std::chrono::days;

TEST_CASE("every list: the copier has all ten, when new and after a year, and each keeps the contract [L]") {
  for (const std::uint64_t seed : {7145U, 1U, 2U}) {
    CAPTURE(seed);
    Office office(seed);
    for (const auto age : {days{0}, days{40}, days{330}}) {
      office.pass(age);
      for (const ListWord& word : kListWords) {
        CAPTURE(word.title);
        REQUIRE(office.copier->supports(word.id));
        const DeviceList list = office.list(word.id);
        CHECK(testing::check_device_list(list, word.id) == std::vector<std::string>{});
      }
    }
  }
}

TEST_CASE(
    "every list: what users and engineers left on a machine differs from seed to seed, not from time to time [L]") {
  for (const ListId id : {ListId::job, ListId::user, ListId::adjustment, ListId::parameter, ListId::ekc}) {
    CAPTURE(word_of(id).title);
    std::set<std::string> texts;
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
      Office office(seed);
      office.pass(days{60});
      texts.insert(text_of(office.list(id)));
      office.restart();
      CHECK(texts.contains(text_of(office.list(id))));
    }
    CHECK(texts.size() == 4);
  }
}
