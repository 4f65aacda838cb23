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
};

}  // namespace remotemail
