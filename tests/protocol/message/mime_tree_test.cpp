#include "protocol/message/mime_tree.hpp"

#include <doctest/doctest.h>

#include "protocol/message/mail_text.hpp"
#include "remotemail/core/limits.hpp"

using namespace remotemail;

namespace {

struct Read {
  explicit Read(std::string mail) : text(std::move(mail)), header(split_header(text)) {
    tree = read_mime(header, std::string_view(text).substr(header.size));
  }
  std::string chosen() const {
    const MimeLeaf* leaf = text_leaf(tree);
    return leaf == nullptr ? "(none)" : leaf_text(*leaf);
  }
  std::string text;
  HeaderBlock header;
  MimeTree tree;
};

std::string multipart(const std::string& subtype, const std::string& boundary,
                      const std::vector<std::string>& parts) {
  std::string out = "Content-Type: multipart/" + subtype + "; boundary=\"" + boundary + "\"\n\npreamble\n";
  for (const std::string& part : parts) out += "--" + boundary + "\n" + part + "\n";
  return out + "--" + boundary + "--\nepilogue\n";
}

const std::string kPlain = "Content-Type: text/plain\n\nGETLOG";
const std::string kHtml = "Content-Type: text/html\n\n<p>HELP</p>";

}  // namespace

TEST_CASE(
    "mime tree: the text is the first text/plain that is no attachment, else the first text/html [D9]") {
  const std::string attachment =
      "Content-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nno";
  const std::string forwarded = "Content-Type: message/rfc822\n\nSubject: x\n\nno";
  struct {
    std::string mail, expected;
  } const cases[] = {
      {kPlain, "GETLOG"},
      {kHtml, "HELP\n"},
      {multipart("alternative", "b", {kPlain, kHtml}), "GETLOG"},
      {multipart("alternative", "b", {kHtml, kPlain}), "GETLOG"},
      {multipart("mixed", "b", {attachment, kHtml, kPlain}), "GETLOG"},
      {multipart("mixed", "b", {attachment, kHtml}), "HELP\n"},
      {multipart("mixed", "b", {forwarded, kPlain}), "GETLOG"},
      {multipart("mixed", "b", {forwarded}), "(none)"},
      {multipart("mixed", "b", {attachment}), "(none)"},
      {multipart("mixed", "b",
                 {multipart("related", "bb", {multipart("alternative", "bbb", {kPlain, kHtml})})}),
       "GETLOG"},
      {multipart("mixed", "b", {"\nGETLOG"}), "GETLOG"},
      {multipart("digest", "b", {"\nSubject: x\n\nno"}), "(none)"},
      {multipart("signed", "b", {kPlain, "Content-Type: application/pgp-signature\n\nx"}), "GETLOG"},
      {"Content-Type: application/pdf\n\nx", "(none)"},
      {"Content-Type: multipart/mixed; boundary=never\n\nGETLOG", "GETLOG"},
      {"Content-Type: multipart/mixed\n\nGETLOG", "GETLOG"},
      {"Content-Type: multipart/mixed; boundary=\"\"\n\nGETLOG", "GETLOG"},
      {"Content-Type: multipart/mixed; boundary=b\n\n--b\n" + kPlain, "GETLOG"},
      {"Content-Type: multipart/mixed; boundary=b\n\n--b  \n" + kPlain + "\n--b-- \n--b\n", "GETLOG"},
      {"Content-Type: multipart/mixed; boundary=b\n\n--b\n" + kPlain + "\n--bc\nx\n--b--", "GETLOG\n--bc\nx"},
      {"Content-Type: multipart/mixed; boundary=b\n\n--b", ""},
      {"Content-Type: multipart/mixed; boundary=b\n\n--b\n--b\n\nx\n--b--", ""},
      // Blanks beside HTML, as some programs write them
      {multipart("alternative", "b", {"Content-Type: text/plain\n\n \n\n", kHtml}), "HELP\n"},
      {multipart("mixed", "b", {"Content-Transfer-Encoding: quoted-printable\n\n=20\n", kHtml}), "HELP\n"},
      {multipart("mixed", "b", {"Content-Type: text/plain\n\n \n", kPlain}), " \n"},
      // A part without an empty line behind its header
      {multipart("mixed", "b", {"Content-Type: text/plain\nGETLOG"}), "GETLOG"},
      {multipart("mixed", "b", {"GETLOG\n\nHELP"}), "GETLOG\n\nHELP"},
      {multipart("mixed", "b", {" GETLOG"}), " GETLOG"},
      {multipart("mixed", "b", {"Content-Type: text/html;\ncharset=utf-8\n\n<p>HELP</p>"}), "HELP\n"},
      // Parameters that lost the blank in front of them
      {"Content-Type: multipart/mixed;\nboundary=\"b\"\n\n--b\n" + kPlain + "\n--b--", "GETLOG"},
      // A delimiter that was meant to be the last
      {"Content-Type: multipart/alternative; boundary=b\n\n--b\n" + kHtml + "\n--b\n\n", "HELP\n"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.mail);
    const Read read(c.mail);
    CHECK(read.chosen() == c.expected);
    CHECK(read.tree.defects.empty());
  }
}

TEST_CASE("mime tree: a part that never ends is closed by its container [D9]") {
  const std::string open = "Content-Type: multipart/alternative; boundary=in\n\n--in\n" + kPlain;
  CHECK(Read(multipart("mixed", "out", {open, kHtml})).chosen() == "GETLOG");
  CHECK(Read(multipart("mixed", "out", {open, kHtml})).tree.leaves.size() == 2);
}

TEST_CASE("mime tree: depth 8 is read, 9 is a defect [D] [fault 94]") {
  std::string mail = kPlain;
  for (std::size_t i = 0; i < limits::kMimeDepth; ++i)
    mail = multipart("mixed", "b" + std::to_string(i), {mail});
  CHECK(Read(mail).chosen() == "GETLOG");
  CHECK(Read(mail).tree.defects.empty());
  mail = multipart("mixed", "outer", {mail});
  CHECK(Read(mail).tree.defects == std::vector{Defect::mime_too_deep});
}

TEST_CASE("mime tree: 64 parts are read, 65 are a defect, 10,000 no trouble [D] [fault 94]") {
  const std::vector<std::string> most(limits::kMimeParts, kPlain);
  CHECK(Read(multipart("mixed", "b", most)).tree.defects.empty());
  CHECK(Read(multipart("mixed", "b", most)).tree.leaves.size() == limits::kMimeParts);
  for (const std::size_t n : {limits::kMimeParts + 1, std::size_t{10'000}}) {
    const Read read(multipart("mixed", "b", std::vector<std::string>(n, kPlain)));
    CHECK(read.tree.defects == std::vector{Defect::too_many_parts});
    CHECK(read.tree.leaves.size() == limits::kMimeParts);
  }
  const std::vector<std::string> half(40, kPlain);
  CHECK(Read(multipart("mixed", "o", {multipart("mixed", "b", half), multipart("mixed", "c", half)}))
            .tree.defects == std::vector{Defect::too_many_parts});
}

TEST_CASE("mime tree: a boundary of 70 is read, a longer one is a defect [D]") {
  CHECK(Read(multipart("mixed", std::string(70, 'b'), {kPlain})).chosen() == "GETLOG");
  CHECK(Read(multipart("mixed", std::string(71, 'b'), {kPlain})).tree.defects ==
        std::vector{Defect::boundary_too_long});
}

TEST_CASE("mime tree: twenty thousand open levels end at the limit [fault 94]") {
  std::string mail;
  for (int i = 0; i < 20'000; ++i)
    mail += "Content-Type: multipart/mixed; boundary=b" + std::to_string(i) + "\n\n--b" + std::to_string(i) +
            "\n";
  CHECK(Read(mail).tree.defects == std::vector{Defect::mime_too_deep});
}
