#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "remotemail/core/mail.hpp"

using namespace remotemail;

TEST_CASE("listed mails: rows come out as they went in [R3]") {
  const std::vector<MailListing> rows = {
      {{"pop3 a@b", "1"}, 0}, {{"pop3 a@b", ""}, 5}, {{"pop3 a@b", std::string(70, 'u')}, UINT64_MAX}};
  ListedMails mails;
  CHECK(mails.empty());
  CHECK(mails.begin() == mails.end());
  for (const MailListing& row : rows) mails.push_back(row);
  REQUIRE(mails.size() == 3);
  CHECK(std::ranges::equal(mails, rows));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CHECK(mails[i] == rows[i]);
    CHECK(mails.key(i) == rows[i].key);
    CHECK(mails.uid(i) == rows[i].key.uid);
  }
  CHECK(mails == ListedMails{rows[0], rows[1], rows[2]});
  CHECK_FALSE(mails == ListedMails{rows[0], rows[1]});
}
