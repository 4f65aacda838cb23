// Mails as the programs of this time put them together, written by hand for these tests. LF line ends.
#pragma once

#include <string>
#include <vector>

namespace remotemail::testing {

struct SampleMail {
  std::string program;
  std::string bytes;
  std::string subject;
  std::string display_name;
  std::vector<std::string> lines;  // the first lines of the text that are not empty
};

// All are from ce@example.com.
const std::vector<SampleMail>& sample_mails();

}  // namespace remotemail::testing
