// A disk in memory, beneath SQLite, that loses power, fills up or breaks at a chosen operation.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace remotemail::testing {

// Registered with SQLite as a VFS under `name` for as long as it lives: hand the name to SqliteOptions::vfs.
// What was written counts as safe only after the file was synced; what a file held before is kept until then.
// Not thread-safe. Files cannot be mapped and have no shared memory, so a database in WAL mode needs the
// exclusive locking mode.
class PowerLossDisk {
 public:
  // What becomes of writes, truncations and deletions that were not synced when the power went.
  enum class Unsynced {
    lost,         // none happened
    kept,         // all happened, the one under way too
    every_other,  // the disk had written some of them, in its own order
    torn,         // all but the last happened; of that the first half
  };
  enum class Fault {
    power_cut,   // the operation is cut; nothing works until restore_power()
    disk_full,   // fails with ENOSPC (syncs, deletions and truncations still work)
    io_error,    // fails with EIO, and the file may hold half of what was to be written
    read_error,  // as io_error, but counts and fails reads
  };
  struct Counters {
    std::uint64_t writes = 0;
    std::uint64_t bytes_written = 0;
    std::uint64_t syncs = 0;
    std::uint64_t truncations = 0;
    std::uint64_t deletions = 0;
    std::uint64_t reads = 0;
    // What changes the medium: the n of fail_at().
    std::uint64_t operations() const { return writes + syncs + truncations + deletions; }
  };

  explicit PowerLossDisk(std::string name);
  ~PowerLossDisk();  // no file of it may be open any more
  PowerLossDisk(const PowerLossDisk&) = delete;
  PowerLossDisk& operator=(const PowerLossDisk&) = delete;

  const std::string& name() const;

  // The n-th operation from now (1: the next) fails, and, when `lasting`, every one behind it until heal().
  void fail_at(std::uint64_t n, Fault fault, bool lasting = false);
  void heal();
  bool fault_happened() const;

  // After a power cut, or instead of one: settles what was not synced and lets operations work again. Files
  // that are open stay dead; open the database anew.
  void restore_power(Unsynced mode);

  // What a medium holds, file by file.
  using Image = std::map<std::string, std::string>;
  // What a power cut right now would leave, and a number that differs where that does (nearly surely).
  Image image(Unsynced mode) const;
  std::uint64_t fingerprint(Unsynced mode) const;
  // As if the power had been cut and the machine started with this medium. SQLite's own randomness starts anew, so
  // that equal calls write equal bytes.
  void boot(const Image& medium);
  // Called at every operation at the moment when a power cut would cut it: what is under way is not synced yet.
  // One story is enough to see what every cut in it leaves. Must not touch an open file of this disk.
  void watch(std::function<void(bool is_sync)> on_operation);

  Counters counters() const;
  void reset_counters();

  std::vector<std::string> files() const;
  std::string contents(const std::string& file) const;  // as a reader would see it now; empty: no such file
  void set_contents(const std::string& file, std::string bytes);  // as if written and synced

 private:
  struct Disk;
  std::unique_ptr<Disk> disk_;
};

}  // namespace remotemail::testing
