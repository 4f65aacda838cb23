#include "remotemail/testing/scripted_connector.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "core/text.hpp"

namespace remotemail::testing {

namespace {

struct Step {
  enum class Kind { server, client, tls, tls_fails, silent, close, lost, stop, flood, wait };
  Kind kind;
  std::string text;   // server: the octets; client: the pattern; flood: one line with its end
  std::string shown;  // as it stands in the script
};

std::optional<std::string> unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
      continue;
    }
    if (++i == text.size()) return std::nullopt;
    switch (text[i]) {
      case 'r':
        out += '\r';
        break;
      case 'n':
        out += '\n';
        break;
      case 't':
        out += '\t';
        break;
      case '0':
        out += '\0';
        break;
      case '\\':
        out += '\\';
        break;
      case 'x': {
        const auto octet = from_hex(text.substr(i + 1, 2));
        if (!octet || octet->empty()) return std::nullopt;
        out += *octet;
        i += 2;
        break;
      }
      default:
        return std::nullopt;
    }
  }
  return out;
}

std::optional<Step> parse_step(std::string_view line) {
  const auto after = [&](std::string_view mark) -> std::optional<std::string_view> {
    if (!line.starts_with(mark)) return std::nullopt;
    std::string_view rest = line.substr(mark.size());
    if (rest.starts_with(' ')) rest.remove_prefix(1);
    return rest;
  };
  const std::string shown = clean_line(line, 120);
  if (const auto text = after("S:")) return Step{Step::Kind::server, std::string(*text) + "\r\n", shown};
  if (const auto text = after("C:")) return Step{Step::Kind::client, std::string(*text), shown};
  if (const auto text = after("S!")) {
    auto octets = unescape(*text);
    if (!octets || octets->empty()) return std::nullopt;
    return Step{Step::Kind::server, std::move(*octets), shown};
  }
  if (const auto text = after("FLOOD")) return Step{Step::Kind::flood, std::string(*text) + "\r\n", shown};
  if (const auto text = after("WAIT");
      text && text->ends_with('s') && parse_number<unsigned>(text->substr(0, text->size() - 1)))
    return Step{Step::Kind::wait, std::string(text->substr(0, text->size() - 1)), shown};
  constexpr std::array<std::pair<std::string_view, Step::Kind>, 6> kMarks{
      {{"TLS", Step::Kind::tls},
       {"TLS FAILS", Step::Kind::tls_fails},
       {"SILENT", Step::Kind::silent},
       {"CLOSE", Step::Kind::close},
       {"LOST", Step::Kind::lost},
       {"STOP", Step::Kind::stop}}};
  for (const auto& [mark, kind] : kMarks) {
    if (trim(line) == mark) return Step{kind, {}, shown};
  }
  return std::nullopt;
}

// The steps, or the line that is none.
Result<std::vector<Step>> parse_script(std::string_view script) {
  std::vector<Step> steps;
  for (std::string_view line : split(script, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);
    if (line.empty() || line.front() == '#') continue;
    auto step = parse_step(line);
    if (!step)
      return make_error(Cause::invalid_value, remotemail::Step::none, "not a step: " + clean_line(line));
    steps.push_back(std::move(*step));
  }
  return steps;
}

using Names = std::map<std::string, std::string, std::less<>>;

// The name in braces at the start of `text`, or empty.
std::string_view name_in_braces(std::string_view text) {
  if (text.size() < 3 || text[0] != '{' || !is_alpha(text[1])) return {};
  const auto end = text.find('}');
  if (end == std::string_view::npos) return {};
  const auto name = text.substr(1, end - 1);
  return std::all_of(name.begin(), name.end(), [](char c) { return is_alpha(c) || is_digit(c); }) ? name : "";
}

std::string fill_in(std::string_view text, const Names& names) {
  std::string out;
  while (!text.empty()) {
    const auto name = name_in_braces(text);
    const auto known = name.empty() ? names.end() : names.find(name);
    if (known == names.end()) {
      out += text.front();
      text.remove_prefix(1);
    } else {
      out += known->second;
      text.remove_prefix(name.size() + 2);
    }
  }
  return out;
}

// Patterns are a test's own and short: plain backtracking will do.
bool matches(std::string_view pattern, std::string_view line, Names& names) {
  while (!pattern.empty()) {
    if (pattern.front() == '*') {
      for (std::size_t n = 0; n <= line.size(); ++n) {
        if (matches(pattern.substr(1), line.substr(n), names)) return true;
      }
      return false;
    }
    if (const auto name = name_in_braces(pattern); !name.empty()) {
      const auto rest = pattern.substr(name.size() + 2);
      if (const auto known = names.find(name); known != names.end()) {
        if (!line.starts_with(known->second)) return false;
        line.remove_prefix(known->second.size());
      } else {
        const auto word = line.substr(0, line.find_first_of(" \t"));
        if (word.empty()) return false;
        names.emplace(name, word);
        line.remove_prefix(word.size());
      }
      pattern = rest;
      continue;
    }
    if (line.empty() || line.front() != pattern.front()) return false;
    line.remove_prefix(1);
    pattern.remove_prefix(1);
  }
  return line.empty();
}

}  // namespace

struct ScriptedConnector::State {
  ManualClock& clock;
  Playing playing;
  std::vector<std::vector<Step>> scripts;
  std::size_t connected = 0;
  std::size_t completed = 0;  // scripts whose every step was taken
  std::string problem;
  std::string written;
  std::string written_in_clear;
  std::vector<std::string> writes;
  std::vector<std::string> connections;
  std::vector<TlsPolicy> tls_policies;
  std::stop_source stop;
};

namespace {

using Kind = Step::Kind;

constexpr std::size_t kFloodPiece = 16 * 1024;

Error network_error(Cause cause, std::string detail = {}) {
  return make_error(cause, remotemail::Step::none, std::move(detail));
}

class ScriptedStream final : public Stream {
 public:
  ScriptedStream(std::shared_ptr<ScriptedConnector::State> state, const std::vector<Step>& steps,
                 bool may_cut)
      : state_(std::move(state)), steps_(steps), may_cut_(may_cut) {
    heed_stop();
    count_when(steps_.empty());
  }

  Result<std::size_t> read(std::span<char> out, const Deadline& deadline) override {
    if (Status good = usable(deadline); !good) return std::move(good).error();
    if (said_ < pending_.size()) return give(out);
    if (cut_here()) return end_of_line(deadline);
    if (at_ == steps_.size()) return std::size_t{0};
    const Step& step = steps_[at_];
    switch (step.kind) {
      case Kind::server:
        load();
        if (pending_.empty()) return end_of_line(deadline);
        return give(out);
      case Kind::flood:
        pending_.clear();
        for (const std::string line = fill_in(step.text, names_); pending_.size() < kFloodPiece;)
          pending_ += line;
        said_ = 0;
        count_if_last();
        return give(out);
      case Kind::silent:
        count_if_last();
        return timed_out(deadline);
      case Kind::wait: {
        const SteadyTime over =
            state_->clock.steady_now() + std::chrono::seconds(*parse_number<unsigned>(step.text));
        if (over >= deadline.at) return timed_out(deadline);
        state_->clock.sleep_until(over, {});
        take();
        return read(out, deadline);
      }
      case Kind::stop:
        break;  // heeded already
      case Kind::close:
        count_if_last();
        return std::size_t{0};
      case Kind::lost:
        count_if_last();
        return network_error(Cause::connection_lost);
      case Kind::client:
      case Kind::tls:
      case Kind::tls_fails:
        part("the client waits for the server" +
             (unmatched_.empty() ? "" : " after \"" + clean_line(unmatched_) + "\""));
        return timed_out(deadline);
    }
    return std::size_t{0};
  }

  Status write(std::string_view bytes, const Deadline& deadline) override {
    if (Status good = usable(deadline); !good) return good;
    const bool broken = state_->playing.end == Playing::End::broken;
    if (cut_here() && broken) return network_error(Cause::connection_lost);
    state_->written += bytes;
    state_->writes.emplace_back(bytes);
    if (!tls_) state_->written_in_clear += bytes;
    if (cut_) return {};
    unmatched_ += bytes;
    for (std::size_t end = 0; (end = unmatched_.find("\r\n")) != std::string::npos;) {
      if (cut_here()) {
        if (broken) return network_error(Cause::connection_lost);
        return {};
      }
      const std::string line = unmatched_.substr(0, end);
      unmatched_.erase(0, end + 2);
      if (gone()) continue;
      if (at_ == steps_.size() || steps_[at_].kind != Kind::client ||
          !matches(steps_[at_].text, line, names_)) {
        part("the client said \"" + clean_line(line) + "\"");
        return network_error(Cause::connection_lost);
      }
      take();
    }
    return {};
  }

  Status start_tls(const TlsPolicy& policy, const Deadline& deadline) override {
    if (Status good = usable(deadline); !good) return good;
    state_->tls_policies.push_back(policy);
    if (cut_here()) return network_error(Cause::connection_lost);
    const bool expected =
        at_ < steps_.size() && (steps_[at_].kind == Kind::tls || steps_[at_].kind == Kind::tls_fails);
    if (!expected || said_ < pending_.size()) {
      part("the client starts TLS");
      return network_error(Cause::tls_failed);
    }
    const bool fails = steps_[at_].kind == Kind::tls_fails;
    take();
    if (fails) return network_error(Cause::certificate_untrusted);
    tls_ = true;
    return {};
  }

  TlsInfo tls() const override {
    TlsInfo info;
    info.active = tls_;
    if (tls_) info.version = "TLSv1.3";
    return info;
  }

 private:
  Status usable(const Deadline& deadline) const {
    if (!state_->problem.empty()) return network_error(Cause::connection_lost, "the script was left");
    if (deadline.stopping()) return network_error(Cause::stopped);
    if (deadline.passed(state_->clock.steady_now())) return network_error(Cause::timed_out);
    return {};
  }

  // Has the server hung up by the script, so that what is written goes nowhere?
  bool gone() const {
    return at_ < steps_.size() && (steps_[at_].kind == Kind::close || steps_[at_].kind == Kind::lost ||
                                   steps_[at_].kind == Kind::silent);
  }

  bool cut_here() {
    const Playing& playing = state_->playing;
    if (!may_cut_ || playing.end == Playing::End::none || cut_) return cut_;
    if (at_ < playing.after_steps || said_ < pending_.size()) return false;
    // Octets of the step behind the cut are still said.
    const bool some_to_say = playing.and_octets > 0 && at_ == playing.after_steps && at_ < steps_.size() &&
                             steps_[at_].kind == Kind::server;
    cut_ = !some_to_say;
    return cut_;
  }

  // Makes the lines that the server says now ready to be read.
  void load() {
    pending_.clear();
    said_ = 0;
    const Playing& playing = state_->playing;
    while (at_ < steps_.size() && steps_[at_].kind == Kind::server) {
      if (may_cut_ && playing.end != Playing::End::none && at_ >= playing.after_steps) {
        pending_ += fill_in(steps_[at_].text, names_).substr(0, playing.and_octets);
        cut_ = true;
        return;
      }
      pending_ += fill_in(steps_[at_].text, names_);
      take();
    }
  }

  std::size_t give(std::span<char> out) {
    const std::size_t most = state_->playing.byte_by_byte ? 1 : out.size();
    const std::size_t count = std::min(most, pending_.size() - said_);
    std::copy_n(pending_.begin() + static_cast<std::ptrdiff_t>(said_), count, out.begin());
    said_ += count;
    heed_stop();
    return count;
  }

  Result<std::size_t> end_of_line(const Deadline& deadline) {
    switch (state_->playing.end) {
      case Playing::End::silent:
        return timed_out(deadline);
      case Playing::End::closed:
        return std::size_t{0};
      default:
        return network_error(Cause::connection_lost);
    }
  }

  Error timed_out(const Deadline& deadline) {
    const SteadyTime now = state_->clock.steady_now();
    if (deadline.at == SteadyTime::max()) {
      part("the client waits without a deadline");
    } else if (deadline.at > now) {
      state_->clock.advance(std::chrono::ceil<std::chrono::milliseconds>(deadline.at - now));
    }
    return network_error(Cause::timed_out);
  }

  void take() {
    ++at_;
    heed_stop();
    count_when(at_ == steps_.size());
  }

  void heed_stop() {
    while (at_ < steps_.size() && steps_[at_].kind == Kind::stop && said_ == pending_.size()) {
      state_->stop.request_stop();
      ++at_;
      count_when(at_ == steps_.size());
    }
  }

  // A step that is never over is taken once it was met.
  void count_if_last() { count_when(at_ + 1 == steps_.size()); }

  void count_when(bool done) {
    if (!done || counted_) return;
    counted_ = true;
    ++state_->completed;
  }

  void part(const std::string& what) {
    if (!state_->problem.empty()) return;
    state_->problem =
        "step " + std::to_string(at_ + 1) + ": " +
        (at_ < steps_.size() ? "expected \"" + steps_[at_].shown + "\"" : "the script is at its end") +
        (said_ < pending_.size() ? " with lines of the server unread" : "") + ", but " + what;
  }

  std::shared_ptr<ScriptedConnector::State> state_;
  const std::vector<Step>& steps_;
  bool may_cut_;
  std::size_t at_ = 0;     // the next step
  std::string pending_;    // what the server has said ...
  std::size_t said_ = 0;   // ... and how much of it was read
  std::string unmatched_;  // what the client has said of a line that is not whole
  Names names_;
  bool tls_ = false;
  bool cut_ = false;
  bool counted_ = false;
};

}  // namespace

ScriptedConnector::ScriptedConnector(ManualClock& clock, std::vector<std::string> scripts, Playing playing)
    : state_(std::make_shared<State>(State{clock, playing, {}, 0, 0, {}, {}, {}, {}, {}, {}, {}})) {
  for (const std::string& script : scripts) {
    auto steps = parse_script(script);
    if (!steps) {
      state_->problem = steps.error().detail;
      return;
    }
    state_->scripts.push_back(std::move(*steps));
  }
}

ScriptedConnector::~ScriptedConnector() = default;

Result<std::unique_ptr<Stream>> ScriptedConnector::connect(const std::string& host, std::uint16_t port,
                                                           const std::string&, const Deadline& deadline) {
  state_->connections.push_back(host + ":" + std::to_string(port));
  if (deadline.stopping()) return network_error(Cause::stopped);
  if (state_->connected == state_->scripts.size()) {
    return make_error(Cause::connection_refused, remotemail::Step::connect, state_->connections.back());
  }
  const bool first = state_->connected == 0;
  const auto& steps = state_->scripts[state_->connected++];
  return std::unique_ptr<Stream>(std::make_unique<ScriptedStream>(state_, steps, first));
}

std::string ScriptedConnector::problem() const {
  return state_->problem;
}
bool ScriptedConnector::finished() const {
  return state_->completed == state_->scripts.size();
}
std::string ScriptedConnector::written() const {
  return state_->written;
}
std::string ScriptedConnector::written_in_clear() const {
  return state_->written_in_clear;
}
std::vector<std::string> ScriptedConnector::writes() const {
  return state_->writes;
}
std::vector<std::string> ScriptedConnector::connections() const {
  return state_->connections;
}
std::vector<TlsPolicy> ScriptedConnector::tls_policies() const {
  return state_->tls_policies;
}
std::stop_token ScriptedConnector::stop_token() const {
  return state_->stop.get_token();
}

std::string replay(std::string_view script, const std::function<void(Replay&)>& dialogue,
                   ReplayOptions options) {
  const auto steps = parse_script(script);
  if (!steps) return steps.error().detail;
  std::string problems;
  const auto play = [&](const std::string& name, const Playing& playing) {
    ManualClock clock;
    ScriptedConnector connector(clock, {std::string(script)}, playing);
    const bool whole = playing.end == Playing::End::none;
    Replay run{name, whole, connector, clock};
    dialogue(run);
    if (!connector.problem().empty())
      problems += name + ": " + connector.problem() + "\n";
    else if (whole && !connector.finished())
      problems += name + ": not every step was taken\n";
  };
  play("whole", {});
  play("byte by byte", {.byte_by_byte = true});
  using End = Playing::End;
  constexpr std::array<std::pair<End, std::string_view>, 4> kEnds{
      {{End::closed, "closed"}, {End::lost, "lost"}, {End::broken, "broken"}, {End::silent, "silent"}}};
  for (std::size_t taken = 0; taken < steps->size(); ++taken) {
    const std::string where =
        " after step " + std::to_string(taken) + (taken == 0 ? "" : " (" + (*steps)[taken - 1].shown + ")");
    for (const auto& [end, name] : kEnds) {
      play(std::string(name) + where, {.end = end, .after_steps = taken});
    }
    if (!options.after_every_octet || (*steps)[taken].kind != Kind::server) continue;
    for (std::size_t octets = 1; octets < (*steps)[taken].text.size(); ++octets) {
      play("closed" + where + " and " + std::to_string(octets) + " octets",
           {.end = End::closed, .after_steps = taken, .and_octets = octets});
    }
  }
  return problems;
}

}  // namespace remotemail::testing
