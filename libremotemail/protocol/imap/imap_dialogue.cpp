#include "protocol/imap/imap_dialogue.hpp"

#include <algorithm>
#include <utility>

#include "core/text.hpp"

namespace remotemail::imap {
namespace {

class ChannelSource final : public WireSource {
 public:
  ChannelSource(LineChannel& channel, const Deadline& deadline) : channel_(channel), deadline_(deadline) {}
  Result<std::string> line(std::size_t limit) override { return channel_.read_line(deadline_, limit); }
  Status octets(std::size_t size, std::string& out) override {
    return channel_.read_exactly(size, out, deadline_);
  }

 private:
  LineChannel& channel_;
  const Deadline& deadline_;
};

// Keeps its latest line: a greeting of another protocol is shown as it is.
class GreetingSource final : public WireSource {
 public:
  explicit GreetingSource(ChannelSource inner) : inner_(inner) {}
  Result<std::string> line(std::size_t limit) override {
    auto line = inner_.line(limit);
    if (line) latest_ = *line;
    return line;
  }
  Status octets(std::size_t size, std::string& out) override { return inner_.octets(size, out); }
  const std::string& latest() const { return latest_; }

 private:
  ChannelSource inner_;
  std::string latest_;
};

bool is_for_now(std::string_view code) {
  return code == "UNAVAILABLE" || code == "SERVERBUG" || code == "LIMIT";
}

}  // namespace

std::string Dialogue::shown(const StatusText& status) const {
  constexpr std::string_view kWords[] = {"OK", "NO", "BAD", "BYE", "PREAUTH"};
  std::string line(kWords[static_cast<std::size_t>(status.condition)]);
  if (!status.whole.empty()) line += " " + status.whole;
  return scrubber_.shown(line);
}

Error Dialogue::unreadable(Error error) const {
  const std::string line = scrubber_.hide(error.server_line);
  error.server_line = clean_line(std::string_view(line).substr(0, line.find('"')));
  return error;
}

Error Dialogue::refusal(const StatusText& status, Step step, Cause cause, Retry retry,
                        std::string detail) const {
  if (is_for_now(status.code)) {
    cause = Cause::refused_for_now;
    retry = Retry::later;
  } else if (status.code == "INUSE") {
    cause = Cause::mailbox_in_use;
    retry = Retry::later;
  }
  Error error = make_error(cause, step, std::move(detail), retry);
  error.server_line = shown(status);
  return error;
}

Dialogue::Dialogue(std::unique_ptr<Stream> stream, const ServerAccount& account, const Clock& clock,
                   Random& random)
    : channel_(std::move(stream), clock),
      scrubber_(account),
      random_(random),
      session_end_(clock.steady_now() + limits::kMailboxSessionTime) {}

Deadline Dialogue::bounded(const Deadline& deadline, std::chrono::milliseconds limit) const {
  Deadline result = deadline.within(clock().steady_now(), limit);
  result.at = std::min(result.at, session_end_);
  return result;
}

Error Dialogue::failed(Error error, Step step) {
  error.step = step;
  if (error.cause == Cause::connection_lost && bye_) {
    // The server has said why it hangs up.
    if (is_for_now(bye_->code)) error.cause = Cause::refused_for_now;
    error.server_line = shown(*bye_);
  }
  if (error.server_line.empty()) error.server_line = alert_;
  failure_ = error;
  return error;
}

Result<StatusText> Dialogue::greeting(const Deadline& deadline) {
  const Deadline limit = bounded(deadline, limits::kCommandTime);
  GreetingSource source(ChannelSource(channel_, limit));
  auto response = read_response(source);
  if (!response && response.error().cause != Cause::protocol_violation) {
    return failed(unreadable(std::move(response).error()), Step::greeting);
  }
  const auto* untagged = response ? std::get_if<Untagged>(&*response) : nullptr;
  if (untagged != nullptr) {
    const StatusText& status = untagged->status;
    if (status.condition == Condition::bye) {
      return failed(refusal(status, Step::greeting, Cause::refused_for_now, Retry::later), Step::greeting);
    }
    if (status.condition == Condition::ok || status.condition == Condition::preauth) {
      if (Status noted = note(*response); !noted) return failed(std::move(noted).error(), Step::greeting);
      return status;
    }
  }
  Error error =
      make_error(Cause::not_this_protocol, Step::greeting, "no IMAP greeting", Retry::after_setup_change);
  error.server_line = scrubber_.shown(source.latest());
  return failed(std::move(error), Step::greeting);
}

Result<StatusText> Dialogue::run(const Command& command, Step step, const Deadline& deadline,
                                 const OnResponse& sink, const ResponseLimits& limits) {
  if (failure_) return *failure_;
  auto answer = exchange(command, bounded(deadline, limits::kCommandTime), sink, limits);
  if (!answer) return failed(std::move(answer).error(), step);
  return answer;
}

Result<StatusText> Dialogue::exchange(const Command& command, const Deadline& deadline,
                                      const OnResponse& sink, const ResponseLimits& limits) {
  const std::string tag = "r" + random_.hex(6);
  ChannelSource source(channel_, deadline);
  std::size_t responses = 0;
  for (std::size_t sent = 0;;) {
    const std::string& line = command.lines()[sent];
    Status written =
        sent == 0 ? channel_.write_line({tag, " ", line}, deadline) : channel_.write_line({line}, deadline);
    if (!written) return std::move(written).error();
    ++sent;
    for (bool go_ahead = false; !go_ahead;) {
      if (++responses > kResponsesPerCommand) {
        return make_error(Cause::answer_too_large, Step::none,
                          "over " + std::to_string(kResponsesPerCommand) + " responses to one command");
      }
      auto response = read_response(source, limits);
      if (!response) return unreadable(std::move(response).error());
      if (const auto* tagged = std::get_if<Tagged>(&*response)) {
        if (tagged->tag != tag) {
          return make_error(Cause::protocol_violation, Step::none, "an answer to a command never sent");
        }
        if (Status noted = note(tagged->status); !noted) return std::move(noted).error();
        return tagged->status;
      }
      if (std::holds_alternative<Continuation>(*response)) {
        if (sent == command.lines().size()) {
          return make_error(Cause::protocol_violation, Step::none, "the server waits for more than there is");
        }
        go_ahead = true;
        continue;
      }
      if (Status noted = note(*response); !noted) return std::move(noted).error();
      if (sink) sink(*response);
    }
  }
}

Status Dialogue::note(const Response& response) {
  if (const auto* told = std::get_if<Capabilities>(&response)) {
    capabilities_ = told->names;
    ++capabilities_told_;
  } else if (const auto* exists = std::get_if<Exists>(&response)) {
    exists_ = exists->count;
  } else if (std::holds_alternative<Expunged>(response)) {
    if (exists_ > 0) --exists_;
    ++expunged_;
  } else if (const auto* untagged = std::get_if<Untagged>(&response)) {
    if (untagged->status.condition == Condition::bye) bye_ = untagged->status;
    return note(untagged->status);
  }
  return {};
}

Status Dialogue::note(const StatusText& status) {
  if (status.code == "ALERT") alert_ = shown(status);
  if (status.code == "CAPABILITY") {
    auto names = parse_capabilities(status.argument);
    if (!names) return std::move(names).error();
    capabilities_ = *std::move(names);
    ++capabilities_told_;
  }
  return {};
}

Status Dialogue::start_tls(const TlsPolicy& policy, const Deadline& deadline) {
  if (failure_) return *failure_;
  forget_capabilities();
  alert_.clear();
  if (Status started = channel_.start_tls(policy, bounded(deadline, limits::kTlsTime)); !started) {
    return failed(std::move(started).error(), Step::tls);
  }
  return {};
}

Status Dialogue::learn_capabilities(const Deadline& deadline) {
  if (capabilities_) return {};
  auto answer = run(Command("CAPABILITY"), Step::capabilities, deadline);
  if (!answer) return std::move(answer).error();
  if (answer->condition != Condition::ok) {
    return refusal(*answer, Step::capabilities, Cause::protocol_violation, Retry::later);
  }
  if (!capabilities_)
    return make_error(Cause::protocol_violation, Step::capabilities, "no capabilities told");
  return {};
}

bool Dialogue::has(std::string_view capability) const {
  return capabilities_ &&
         std::find(capabilities_->begin(), capabilities_->end(), capability) != capabilities_->end();
}

}  // namespace remotemail::imap
