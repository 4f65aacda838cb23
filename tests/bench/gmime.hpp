// The same work done by GMime, for comparison.
#pragma once

#include <cstddef>
#include <string>

namespace remotemail::bench {

// Parses a mail and asks for what ours gives: From, Subject, Date, Message-ID, References, Auto-Submitted, and the text of
// its first text part as UTF-8. The octets of all that.
std::size_t parse_with_gmime(const std::string& bytes);

// Composes a plain reply; its octets.
std::size_t compose_with_gmime(const std::string& subject, const std::string& body);

}  // namespace remotemail::bench
