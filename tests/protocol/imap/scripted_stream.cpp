#include "protocol/imap/scripted_stream.hpp"

#include <algorithm>
#include <utility>

#include "core/text.hpp"

namespace remotemail::test {
namespace {

struct Event {
  enum class Kind { server, client, tls, eof } kind;
  std::string text;
  bool unawaited = false;  // the client may speak before it reads this
};

std::vector<Event> parse_script(std::string_view script) {
  std::vector<Event> events;
  std::size_t sized = 0;  // the event with the open `{#}`
  std::size_t size = 0;
  const auto settle = [&] {
    if (sized == 0) return;
    std::string& text = events[sized - 1].text;
    text.replace(text.find("{#}"), 3, "{" + std::to_string(size) + "}");
    sized = 0;
    size = 0;
  };
  for (std::string_view line : split(script, '\n')) {
    while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
    if (line.empty()) continue;
    const std::string_view kind = line.substr(0, 2);
    std::string text(
        line.substr(std::min<std::size_t>(line.size(), line.size() > 2 && line[2] == ' ' ? 3 : 2)));
    if (kind == "L:") {
      events.push_back({Event::Kind::server, text + "\r\n"});
      size += text.size() + 2;
      continue;
    }
    settle();
    if (line == "TLS") events.push_back({Event::Kind::tls, {}});
    if (line == "EOF") events.push_back({Event::Kind::eof, {}});
    if (kind == "C:") events.push_back({Event::Kind::client, text + "\r\n"});
    if (kind == "S:" || kind == "S>" || kind == "S!") {
      events.push_back({Event::Kind::server, text + (kind == "S>" ? "" : "\r\n"), kind == "S!"});
      if (text.find("{#}") != std::string::npos) sized = events.size();
    }
  }
  settle();
  return events;
}

class ScriptedStream final : public Stream {
 public:
  ScriptedStream(std::string_view script, const Replay& replay, std::shared_ptr<Played> played)
      : events_(parse_script(script)), replay_(replay), played_(std::move(played)) {
    played_->server_lines =
        static_cast<std::size_t>(std::count_if(events_.begin(), events_.end(), [](const Event& event) {
          return event.kind == Event::Kind::server;
        }));
  }

  Result<std::size_t> read(std::span<char> out, const Deadline& deadline) override {
    if (deadline.stopping()) return make_error(Cause::stopped, Step::none);
    const bool whole = replay_.octets_at_once > 1;
    while (is_server(next_) && !cut() && (waiting_.empty() || whole)) say_next();
    if (waiting_.empty()) {
      if (cut()) return make_error(Cause::connection_lost, Step::none, "cut");
      if (next_ < events_.size() && events_[next_].kind == Event::Kind::eof) {
        ++next_;
        note_end();
        return std::size_t{0};
      }
      complain("the client waits for an answer");
      return make_error(Cause::timed_out, Step::none);
    }
    const std::size_t count = std::min({out.size(), waiting_.size() - begin_, replay_.octets_at_once});
    std::copy_n(waiting_.begin() + static_cast<std::ptrdiff_t>(begin_), count, out.begin());
    begin_ += count;
    if (begin_ == waiting_.size()) {
      waiting_.clear();
      begin_ = 0;
    }
    note_end();
    return count;
  }

  Status write(std::string_view bytes, const Deadline& deadline) override {
    if (deadline.stopping()) return make_error(Cause::stopped, Step::none);
    while (is_server(next_) && events_[next_].unawaited && !cut()) say_next();
    if (cut()) return make_error(Cause::connection_lost, Step::none, "cut");
    played_->sent += bytes;
    if (next_ >= events_.size() || events_[next_].kind != Event::Kind::client) {
      complain("the client speaks out of turn: " + std::string(bytes));
      return {};
    }
    std::string expected = events_[next_++].text;
    if (!expected.empty() && expected.front() == '$') {
      const std::string name = expected.substr(0, expected.find(' '));
      std::string& tag = tags_[name];
      if (tag.empty()) tag = std::string(bytes.substr(0, bytes.find(' ')));
      expected.replace(0, name.size(), tag);
    }
    if (bytes != expected) complain("expected: " + expected + "got: " + std::string(bytes));
    note_end();
    return {};
  }

  Status start_tls(const TlsPolicy&, const Deadline&) override {
    if (next_ >= events_.size() || events_[next_].kind != Event::Kind::tls) {
      complain("the client starts TLS out of turn");
      return make_error(Cause::tls_failed, Step::none);
    }
    ++next_;
    played_->tls = true;
    note_end();
    return {};
  }

  TlsInfo tls() const override {
    TlsInfo info;
    info.active = played_->tls;
    return info;
  }

 private:
  bool is_server(std::size_t at) const {
    return at < events_.size() && events_[at].kind == Event::Kind::server;
  }
  bool cut() const { return lines_ == replay_.cut_after; }
  void say_next() {
    std::string text = events_[next_++].text;
    if (!text.empty() && text.front() == '$') {
      const std::string name = text.substr(0, text.find(' '));
      text.replace(0, name.size(), tags_[name]);
    }
    waiting_ += text;
    ++lines_;
  }
  void complain(std::string what) {
    if (played_->problem.empty()) played_->problem = std::move(what);
  }
  void note_end() { played_->finished = next_ == events_.size() && waiting_.empty(); }

  std::vector<Event> events_;
  Replay replay_;
  std::shared_ptr<Played> played_;
  std::size_t next_ = 0;
  std::size_t lines_ = 0;  // of the server, so far
  std::string waiting_;    // said
  std::size_t begin_ = 0;  // of what is not yet read of it
  std::map<std::string, std::string> tags_;
};

}  // namespace

std::unique_ptr<Stream> make_scripted_stream(std::string_view script, const Replay& replay,
                                             std::shared_ptr<Played> played) {
  return std::make_unique<ScriptedStream>(script, replay, std::move(played));
}

}  // namespace remotemail::test
