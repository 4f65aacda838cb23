#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#if defined(__SANITIZE_THREAD__)
// Debian's Poco is not instrumented, so the thread sanitizer does not see the atomic count by which the last holder of a
// socket deletes it: to it that deletion, in the thread that accepts, comes too early. Nothing of ours is meant.
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {  // NOLINT: the sanitizer's name
  return "race:^Poco::Net::TCPServer::run\n";
}
#endif
