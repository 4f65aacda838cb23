// Files that the user names: regular ones, bounded.
#pragma once

#include <cstddef>
#include <string>

#include "remotemail/core/result.hpp"

namespace remotemaild {

inline constexpr std::size_t kLongestInput = 1024 * 1024;

// The whole file. Cause::not_found says why it cannot be read; a folder, a pipe or a device, and more than
// kLongestInput, are refused.
remotemail::Result<std::string> read_file(const std::string& path);

}  // namespace remotemaild
