// All that is kept, as one object: mails, settings, and what was done at a simulated panel.
#pragma once

#include <string>
#include <vector>

#include "remotemail/mail_store/mail_store.hpp"
#include "remotemail/mail_store/settings_store.hpp"

namespace remotemail {

class Store : public MailStore, public SettingsStore {
 public:
  // Opaque records in order, for a device adapter that has something to remember (the simulated copier's panel).
  virtual Result<std::vector<std::string>> device_records() = 0;
  virtual Status append_device_record(const std::string& record) = 0;

  // Writes all of it, as of one moment and durably, into a new file with mode 0600; secrets stay sealed. An error says
  // what is wrong with that file; nothing of it is left then, and the store goes on. Cause::capability_missing: this
  // store has no way to do that.
  virtual Status back_up(const std::string& path) {
    return make_error(Cause::capability_missing, Step::store, path, Retry::never);
  }
};

}  // namespace remotemail
