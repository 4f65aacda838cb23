#include "remotemail/testing/power_loss_vfs.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <optional>

namespace remotemail::testing {
namespace {

// One change that was not synced: bytes at an offset, or (without bytes) a new length.
struct Change {
  std::size_t offset = 0;
  std::optional<std::string> bytes;
};

void carry_out(std::string& content, const Change& change) {
  if (!change.bytes) {
    content.resize(change.offset);
    return;
  }
  const std::size_t end = change.offset + change.bytes->size();
  if (content.size() < end) content.resize(end);
  content.replace(change.offset, change.bytes->size(), *change.bytes);
}

// Not for an enemy: whether two media are the same. Eight octets a step, since it runs at every operation.
std::uint64_t mix(std::uint64_t sum, std::string_view bytes) {
  constexpr std::uint64_t kOdd = 0x9E37'79B9'7F4A'7C15;
  const auto stir = [&sum](std::uint64_t word) {
    sum = (sum ^ word) * kOdd;
    sum ^= sum >> 29;
  };
  std::uint64_t word = 0;
  std::size_t at = 0;
  for (; at + sizeof word <= bytes.size(); at += sizeof word) {
    std::memcpy(&word, bytes.data() + at, sizeof word);
    stir(word);
  }
  word = 0;
  if (at < bytes.size()) std::memcpy(&word, bytes.data() + at, bytes.size() - at);
  stir(word);
  stir(bytes.size());
  return sum;
}

struct File {
  bool exists = false;   // for who looks now
  bool existed = false;  // as far as the folder was synced
  std::string content, durable;
  std::vector<Change> unsynced;
  mutable std::optional<std::uint64_t> durable_sum;  // of `durable`, once asked for
  std::uint64_t unsynced_sum = 0;

  void change(Change next) {
    carry_out(content, next);
    unsynced_sum = mix(unsynced_sum + next.offset, next.bytes ? *next.bytes : "cut");
    unsynced.push_back(std::move(next));
  }
  void sync() {
    existed = exists;
    if (!unsynced.empty()) durable_sum.reset();
    durable = content;
    unsynced.clear();
    unsynced_sum = 0;
  }
  std::uint64_t fingerprint(PowerLossDisk::Unsynced mode) const {
    if (!durable_sum) durable_sum = mix(0, durable);
    const bool as_synced = mode == PowerLossDisk::Unsynced::lost || (unsynced.empty() && exists == existed);
    if (as_synced) return *durable_sum + (existed ? 1 : 0);
    return mix(*durable_sum ^ unsynced_sum, exists ? "there" : "gone") + static_cast<std::uint64_t>(mode);
  }
  void settle(PowerLossDisk::Unsynced mode) {
    using Unsynced = PowerLossDisk::Unsynced;
    if (mode == Unsynced::lost) {
      exists = existed;
      content = durable;
    } else if (mode != Unsynced::kept && !unsynced.empty()) {
      content = durable;
      Change last = unsynced.back();
      if (mode == Unsynced::torn) unsynced.pop_back();
      for (std::size_t i = 0; i < unsynced.size(); ++i) {
        if (mode == Unsynced::torn || i % 2 == 1) carry_out(content, unsynced[i]);
      }
      if (mode == Unsynced::torn && last.bytes) {
        last.bytes->resize(last.bytes->size() / 2);
        carry_out(content, last);
      }
    }
    if (!exists) content.clear();
    durable_sum.reset();
    sync();
  }
};

}  // namespace

struct PowerLossDisk::Disk {
  std::string name;
  sqlite3_vfs vfs{};
  std::map<std::string, File> files;
  Counters counters;
  std::uint64_t life = 0;  // grows when power returns: files opened before are dead
  bool power = true;
  std::uint64_t until_fault = 0;  // 0: none planned
  Fault fault = Fault::power_cut;
  bool lasting = false;
  bool happened = false;
  std::function<void(bool)> watcher;

  enum class Kind { read, write, other };
  void show(bool is_sync) const {
    if (watcher) watcher(is_sync);
  }
  // Whether the operation that begins now fails.
  bool fails(Kind kind) {
    const bool concerned = fault == Fault::read_error ? kind == Kind::read : kind != Kind::read;
    if (!concerned || until_fault == 0) return false;
    if (until_fault > 1) {
      --until_fault;
      return false;
    }
    if (fault == Fault::disk_full && kind != Kind::write) return false;
    happened = true;
    if (!lasting) until_fault = 0;
    if (fault == Fault::power_cut) power = false;
    return true;
  }

  static Disk& of(sqlite3_vfs* vfs) { return *static_cast<Disk*>(vfs->pAppData); }
};

namespace {

// SQLite lays the file object out behind its own header.
template <typename Disk>
struct OpenFile {
  sqlite3_file base;
  Disk* disk;
  File* file;
  std::uint64_t life;

  static OpenFile& of(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file); }
  bool dead() const { return !disk->power || life != disk->life; }

  static int close(sqlite3_file*) { return SQLITE_OK; }

  static int read(sqlite3_file* handle, void* out, int size, sqlite3_int64 offset) {
    OpenFile& self = of(handle);
    if (self.dead()) return SQLITE_IOERR_READ;
    ++self.disk->counters.reads;
    if (self.disk->fails(Disk::Kind::read)) return SQLITE_IOERR_READ;
    const std::string& content = self.file->content;
    const std::size_t from = std::min(static_cast<std::size_t>(offset), content.size());
    const std::size_t wanted = static_cast<std::size_t>(size),
                      there = std::min(wanted, content.size() - from);
    std::memcpy(out, content.data() + from, there);
    std::memset(static_cast<char*>(out) + there, 0, wanted - there);
    return there == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
  }

  static int write(sqlite3_file* handle, const void* bytes, int size, sqlite3_int64 offset) {
    OpenFile& self = of(handle);
    if (self.dead()) return SQLITE_IOERR_WRITE;
    ++self.disk->counters.writes;
    self.disk->counters.bytes_written += static_cast<std::uint64_t>(size);
    const bool fails = self.disk->fails(Disk::Kind::write);
    Change change{static_cast<std::size_t>(offset),
                  std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(size))};
    if (fails && self.disk->fault == PowerLossDisk::Fault::disk_full) return SQLITE_FULL;
    if (fails && self.disk->fault == PowerLossDisk::Fault::io_error)
      change.bytes->resize(change.bytes->size() / 2);
    self.file->change(std::move(change));
    if (!fails) self.disk->show(false);
    return fails ? SQLITE_IOERR_WRITE : SQLITE_OK;
  }

  static int truncate(sqlite3_file* handle, sqlite3_int64 size) {
    OpenFile& self = of(handle);
    if (self.dead()) return SQLITE_IOERR_TRUNCATE;
    ++self.disk->counters.truncations;
    const bool fails = self.disk->fails(Disk::Kind::other);
    if (!fails || self.disk->fault == PowerLossDisk::Fault::power_cut) {
      self.file->change({static_cast<std::size_t>(size), {}});
    }
    if (!fails) self.disk->show(false);
    return fails ? SQLITE_IOERR_TRUNCATE : SQLITE_OK;
  }

  static int sync(sqlite3_file* handle, int) {
    OpenFile& self = of(handle);
    if (self.dead()) return SQLITE_IOERR_FSYNC;
    ++self.disk->counters.syncs;
    if (self.disk->fails(Disk::Kind::other)) return SQLITE_IOERR_FSYNC;
    self.disk->show(true);
    self.file->sync();
    return SQLITE_OK;
  }

  static int size(sqlite3_file* handle, sqlite3_int64* size) {
    OpenFile& self = of(handle);
    if (self.dead()) return SQLITE_IOERR_FSTAT;
    *size = static_cast<sqlite3_int64>(self.file->content.size());
    return SQLITE_OK;
  }

  static int lock(sqlite3_file*, int) { return SQLITE_OK; }
  static int reserved(sqlite3_file*, int* held) { return *held = 0, SQLITE_OK; }
  static int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
  static int sector_size(sqlite3_file*) { return 512; }
  // A write harms no byte beside those it names, as on any disk of today.
  static int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

  static const sqlite3_io_methods* methods() {
    static constexpr sqlite3_io_methods kMethods = {
        1,       close,    read,    write,       truncate,        sync,    size,    lock,
        lock,    reserved, control, sector_size, characteristics, nullptr, nullptr, nullptr,
        nullptr, nullptr,  nullptr};
    return &kMethods;
  }

  static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* handle, int flags, int* out_flags) {
    Disk& disk = Disk::of(vfs);
    OpenFile& self = of(handle);
    self.base.pMethods = nullptr;
    if (!disk.power || name == nullptr) return SQLITE_CANTOPEN;
    File& file = disk.files[name];
    if (!file.exists && (flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
    file.exists = true;
    self.disk = &disk;
    self.file = &file;
    self.life = disk.life;
    self.base.pMethods = methods();
    if (out_flags != nullptr) *out_flags = flags;
    return SQLITE_OK;
  }

  static int remove(sqlite3_vfs* vfs, const char* name, int sync_folder) {
    Disk& disk = Disk::of(vfs);
    if (!disk.power) return SQLITE_IOERR_DELETE;
    const auto found = disk.files.find(name);
    if (found == disk.files.end() || !found->second.exists) return SQLITE_IOERR_DELETE_NOENT;
    ++disk.counters.deletions;
    const bool fails = disk.fails(Disk::Kind::other);
    if (fails && disk.fault != PowerLossDisk::Fault::power_cut) return SQLITE_IOERR_DELETE;
    File& file = found->second;
    file.exists = false;
    file.change({0, {}});
    if (fails) return SQLITE_IOERR_DELETE;
    disk.show(sync_folder != 0);
    if (sync_folder != 0) file.sync();
    return SQLITE_OK;
  }

  static int access(sqlite3_vfs* vfs, const char* name, int, int* yes) {
    Disk& disk = Disk::of(vfs);
    if (!disk.power) return SQLITE_IOERR_ACCESS;
    const auto found = disk.files.find(name);
    *yes = found != disk.files.end() && found->second.exists ? 1 : 0;
    return SQLITE_OK;
  }

  static int full_path(sqlite3_vfs*, const char* name, int size, char* out) {
    sqlite3_snprintf(size, out, "%s", name);
    return SQLITE_OK;
  }
};

}  // namespace

PowerLossDisk::PowerLossDisk(std::string name) : disk_(std::make_unique<Disk>()) {
  using Handle = OpenFile<Disk>;
  disk_->name = std::move(name);
  sqlite3_vfs& vfs = disk_->vfs;
  const sqlite3_vfs* system = sqlite3_vfs_find(nullptr);
  if (system == nullptr) throw std::bad_alloc();
  vfs.iVersion = 1;
  vfs.szOsFile = sizeof(Handle);
  vfs.mxPathname = 512;
  vfs.zName = disk_->name.c_str();
  vfs.pAppData = disk_.get();
  vfs.xOpen = Handle::open;
  vfs.xDelete = Handle::remove;
  vfs.xAccess = Handle::access;
  vfs.xFullPathname = Handle::full_path;
  vfs.xRandomness = system->xRandomness;
  vfs.xSleep = system->xSleep;
  vfs.xCurrentTime = system->xCurrentTime;
  if (sqlite3_vfs_register(&vfs, 0) != SQLITE_OK) throw std::bad_alloc();
}

PowerLossDisk::~PowerLossDisk() {
  sqlite3_vfs_unregister(&disk_->vfs);
}

const std::string& PowerLossDisk::name() const {
  return disk_->name;
}

void PowerLossDisk::fail_at(std::uint64_t n, Fault fault, bool lasting) {
  disk_->until_fault = n;
  disk_->fault = fault;
  disk_->lasting = lasting;
  disk_->happened = false;
}

void PowerLossDisk::heal() {
  disk_->until_fault = 0;
}

bool PowerLossDisk::fault_happened() const {
  return disk_->happened;
}

void PowerLossDisk::restore_power(Unsynced mode) {
  for (auto& [name, file] : disk_->files) file.settle(mode);
  ++disk_->life;
  disk_->power = true;
  heal();
}

PowerLossDisk::Image PowerLossDisk::image(Unsynced mode) const {
  Image all;
  for (const auto& [name, file] : disk_->files) {
    File left = file;
    left.settle(mode);
    if (left.exists) all.emplace(name, std::move(left.content));
  }
  return all;
}

std::uint64_t PowerLossDisk::fingerprint(Unsynced mode) const {
  std::uint64_t sum = 0;
  for (const auto& [name, file] : disk_->files) sum = mix(sum ^ file.fingerprint(mode), name);
  return sum;
}

void PowerLossDisk::boot(const Image& medium) {
  disk_->files.clear();
  ++disk_->life;
  disk_->power = true;
  heal();
  for (const auto& [name, content] : medium) set_contents(name, content);
  constexpr unsigned kSeed = 1;
  sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, kSeed, static_cast<sqlite3*>(nullptr));
}

void PowerLossDisk::watch(std::function<void(bool)> on_operation) {
  disk_->watcher = std::move(on_operation);
}

PowerLossDisk::Counters PowerLossDisk::counters() const {
  return disk_->counters;
}

void PowerLossDisk::reset_counters() {
  disk_->counters = {};
}

std::vector<std::string> PowerLossDisk::files() const {
  std::vector<std::string> names;
  for (const auto& [name, file] : disk_->files) {
    if (file.exists) names.push_back(name);
  }
  return names;
}

std::string PowerLossDisk::contents(const std::string& file) const {
  const auto found = disk_->files.find(file);
  return found == disk_->files.end() || !found->second.exists ? std::string() : found->second.content;
}

void PowerLossDisk::set_contents(const std::string& file, std::string bytes) {
  File& changed = disk_->files[file];
  changed.exists = true;
  changed.content = std::move(bytes);
  changed.durable_sum.reset();
  changed.sync();
}

}  // namespace remotemail::testing
