// The parts of a mail: they lie in it, in order, apart from each other and within the limits; parts that were put
// into a multipart come out of it as they were.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/text.hpp"
#include "protocol/message/mail_text.hpp"
#include "protocol/message/mime_tree.hpp"
#include "remotemail/core/limits.hpp"

using namespace remotemail;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check_any_mail(std::string_view text) {
  const HeaderBlock header = split_header(text);
  const std::string_view body = text.substr(header.size);
  const MimeTree tree = read_mime(header, body);
  require(tree.leaves.size() <= limits::kMimeParts);
  require(!tree.leaves.empty() || !tree.defects.empty());
  require(tree.defects.size() <= 3);
  for (const Defect defect : tree.defects) {
    require(defect == Defect::mime_too_deep || defect == Defect::too_many_parts ||
            defect == Defect::boundary_too_long);
  }
  if (!tree.type.is_multipart()) require(tree.leaves.size() == 1 && tree.leaves[0].body == body);
  const char* before = body.data();
  for (const MimeLeaf& leaf : tree.leaves) {
    require(leaf.body.data() >= before && leaf.body.data() + leaf.body.size() <= body.data() + body.size());
    before = leaf.body.data() + leaf.body.size();
    require(!leaf.type.is_multipart() && leaf.type.value.find('/') != std::string::npos);
    require(leaf.encoding == lower(leaf.encoding) && leaf.decoded().size() <= leaf.body.size());
  }
  const MimeLeaf* leaf = text_leaf(tree);
  require(leaf == nullptr || (!leaf->attachment && leaf->type.value.starts_with("text/")));
}

void check_round_trip(std::string_view text, std::size_t depth) {
  if (text.find("--=b") != std::string_view::npos) return;
  const auto parts = split(text, '\x1F');
  if (parts.size() + depth > limits::kMimeParts) return;
  std::string inside = "Content-Type: multipart/mixed; boundary=\"=b0\"\n\npreamble\n";
  for (const std::string_view part : parts) inside += "--=b0\n\n" + std::string(part) + "\n";
  inside += "--=b0--\nepilogue";
  for (std::size_t i = 1; i <= depth; ++i) {
    const std::string boundary = "=b" + std::to_string(i);
    inside = "Content-Type: multipart/mixed; boundary=\"" + boundary + "\"\n\n--" + boundary + "\n" + inside +
             "\n--" + boundary + "--\n";
  }
  const HeaderBlock header = split_header(inside);
  const MimeTree tree = read_mime(header, std::string_view(inside).substr(header.size));
  if (depth + 1 > limits::kMimeDepth) {
    require(tree.leaves.empty() && tree.defects == std::vector<Defect>{Defect::mime_too_deep});
    return;
  }
  require(tree.defects.empty() && tree.leaves.size() == parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i) require(tree.leaves[i].body == parts[i]);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const LineText lines = normalise_line_ends(std::string_view(reinterpret_cast<const char*>(data), size));
  check_any_mail(lines.text);
  check_round_trip(lines.text, size % (limits::kMimeDepth + 2));
  return 0;
}
