// A stream that plays the server's half of a written dialogue and checks ours.
//
//   S: text     the server sends a line            S> text   … without a line end
//   S! text     … which the client need not have read before it speaks
//   C: text     the client must send this line     L: text   a line of the literal whose size `{#}` stands
//   above TLS         the client must start TLS here     EOF       the server closes in order
//
// `$a` at the start of a line is a tag: the first C: line that has it says what it is. Lines are trimmed at
// their left.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "remotemail/protocol/stream.hpp"

namespace remotemail::test {

struct Replay {
  std::size_t octets_at_once = 1 << 20;                  // what one read() gives at most
  std::size_t cut_after = static_cast<std::size_t>(-1);  // the line breaks after so many server lines
};

// What a stream leaves behind when it dies; shared with the test.
struct Played {
  std::string problem;    // how the client left the script; empty: it did not
  bool finished = false;  // every line was played
  std::string sent;       // all the client sent
  bool tls = false;
  std::size_t server_lines = 0;  // of the whole script
};

std::unique_ptr<Stream> make_scripted_stream(std::string_view script, const Replay&, std::shared_ptr<Played>);

}  // namespace remotemail::test
