// The two files that a command names and that belong to whoever runs it: opened before the command becomes the owner of
// the state (root's backup lands where root may write).
#pragma once

#include <string>

#include "output.hpp"
#include "remotemail/core/result.hpp"

namespace remotemaild {

// `backup FILE`: what the command puts out goes into FILE, which is new and has mode 0600; complaints to the terminal.
class BackupFile final : public Output {
 public:
  BackupFile() = default;
  ~BackupFile() override;  // takes an unfinished file away
  BackupFile(const BackupFile&) = delete;
  BackupFile& operator=(const BackupFile&) = delete;

  remotemail::Status open(const std::string& path);  // refused when it is there; "-": standard output
  void out(std::string_view text) override;
  void err(std::string_view text) override;
  remotemail::Status finish();  // durable when it returns

 private:
  std::string path_;
  int file_ = -1;
  int trouble_ = 0;  // errno of the first write that failed
  bool finished_ = false;
};

// `restore FILE`: an open descriptor; the caller closes it.
remotemail::Result<int> open_backup(const std::string& path);

}  // namespace remotemaild
