#include "web/server/guests.hpp"

#include <Poco/Exception.h>
#include <sys/socket.h>

#include <algorithm>

#include "web/request.hpp"

namespace remotemail::web {

bool Guests::accept(const Poco::Net::StreamSocket& socket) {
  const std::lock_guard lock(mutex_);
  try {
    std::string network = network_of(socket.peerAddress().host().toString());
    const auto counts = [&](const Guest& guest) { return !guest.asked_to_go && guest.network == network; };
    if (guests_.size() >= kMost) return false;
    if (static_cast<std::size_t>(std::count_if(guests_.begin(), guests_.end(), counts)) >= kMostOfOne) {
      const auto idle = std::find_if(guests_.begin(), guests_.end(),
                                     [&](const Guest& guest) { return counts(guest) && guest.idle; });
      if (idle == guests_.end()) return false;
      idle->asked_to_go = true;
      // Of the reading side only: a request that has arrived already is still answered.
      ::shutdown(idle->descriptor, SHUT_RD);
    }
    guests_.push_back({std::move(network), socket.impl()->sockfd()});
    return true;
  } catch (const Poco::Exception&) {  // gone already
    return false;
  }
}

void Guests::set_idle(const Poco::Net::StreamSocket& socket, bool idle) {
  const std::lock_guard lock(mutex_);
  for (Guest& guest : guests_) {
    if (guest.descriptor == socket.impl()->sockfd()) guest.idle = idle;
  }
}

void Guests::leave(const Poco::Net::StreamSocket& socket) {
  const std::lock_guard lock(mutex_);
  guests_.remove_if([&](const Guest& guest) { return guest.descriptor == socket.impl()->sockfd(); });
}

}  // namespace remotemail::web
