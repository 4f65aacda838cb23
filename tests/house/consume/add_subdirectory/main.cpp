#include "remotemail/agent/agent.hpp"

int main() {
  return remotemail::NullLogger().log(remotemail::LogLevel::info, "linked"), 0;
}
