// The store in memory: for tests, for benchmarks, and as the shortest reading of the contract. Keeps nothing,
// seals nothing.
#pragma once

#include <memory>

#include "remotemail/mail_store/store.hpp"

namespace remotemail {

std::unique_ptr<Store> make_memory_store();

}  // namespace remotemail
