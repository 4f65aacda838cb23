// `backup`: a copy of the whole state, put out octet by octet; whoever asked writes the file.
#include <unistd.h>

#include <array>
#include <fstream>

#include "commands/commands.hpp"

namespace remotemaild {

int run_backup(const Invocation& invocation, Session& session, Output& output) {
  if (invocation.arguments.size() != 1)
    return wrong_use(output, invocation, "wants FILE, or - for standard output");
  const std::string copy = session.state + "/backup.tmp";
  ::unlink(copy.c_str());  // of a backup that was cut off
  if (remotemail::Status made = session.back_up(copy, invocation.has("with-key")); !made) {
    ::unlink(copy.c_str());
    return complain(output, made.error());
  }
  std::ifstream in(copy, std::ios::binary);
  std::array<char, 65536> piece;
  while (in.read(piece.data(), piece.size()), in.gcount() > 0) {
    output.out({piece.data(), static_cast<std::size_t>(in.gcount())});
  }
  const bool whole = in.eof();
  ::unlink(copy.c_str());
  if (whole) return kDone;
  return complain(output, make_error(remotemail::Cause::store_failed, remotemail::Step::store, copy));
}

}  // namespace remotemaild
