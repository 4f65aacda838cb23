#include "pages.hpp"

#include <utility>

#include "core/text.hpp"
#include "read_file.hpp"
#include "remotemail/web/web_pages.hpp"

namespace remotemaild {

using namespace remotemail;

struct Pages::Open {
  WebConfiguration configuration;
  CeDeskAccount desk;
  std::unique_ptr<WebPages> pages;
};

namespace {

Error wrong(std::string words) {
  return make_error(Cause::invalid_value, Step::settings, std::move(words), Retry::after_setup_change);
}

// `key = text` lines; # begins a comment.
Result<std::map<std::string, std::string>> read_texts(const std::string& path) {
  auto file = read_file(path);
  if (!file) return std::move(file).error();
  std::map<std::string, std::string> texts;
  std::size_t number = 0;
  for (const std::string_view whole : split(*file, '\n')) {
    ++number;
    const std::string_view line = trim(whole);
    if (line.empty() || line.front() == '#') continue;
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) {
      return wrong("[web] texts: " + path + ", line " + std::to_string(number) + ": must be KEY = TEXT");
    }
    texts.insert_or_assign(std::string(trim(line.substr(0, equals))),
                           std::string(trim(line.substr(equals + 1))));
  }
  return texts;
}

// The first line, as a password file of any editor has it.
Result<Secret> read_password(const std::string& path) {
  if (path.empty()) return Secret();
  auto file = read_file(path);
  if (!file) return std::move(file).error();
  Secret whole(std::move(*file));
  const std::string_view text = whole.reveal();
  return Secret(std::string(text.substr(0, text.find_first_of("\r\n"))));
}

Result<WebOptions> options_of(const WebConfiguration& web, const std::string& state) {
  WebOptions options;
  options.listen = web.listen;
  options.certificate_file = web.certificate;
  options.key_file = web.key;
  options.state_directory = state;
  options.transport = web.transport == "https"  ? WebOptions::Transport::https
                      : web.transport == "http" ? WebOptions::Transport::http
                                                : WebOptions::Transport::automatic;
  for (const std::string_view host : split_words(web.hosts)) options.hosts.emplace_back(host);
  if (!web.stylesheet.empty()) {
    auto style = read_file(web.stylesheet);
    if (!style) return std::move(style).error();
    options.style.stylesheet = std::move(*style);
  }
  if (!web.texts.empty()) {
    auto texts = read_texts(web.texts);
    if (!texts) return std::move(texts).error();
    options.style.texts = std::move(*texts);
  }
  return options;
}

Security security_of(std::string_view text) {
  return text == "none" ? Security::none : text == "starttls" ? Security::starttls : Security::tls;
}

Result<CeDeskAccount> desk_of(const CeDeskConfiguration& desk) {
  CeDeskAccount account;
  account.address = desk.address;
  account.note = desk.note;
  auto password = read_password(desk.password_file);
  if (!password) return std::move(password).error();
  auto smtp_password = read_password(desk.smtp_password_file);
  if (!smtp_password) return std::move(smtp_password).error();
  ServerAccount& mailbox = account.mailbox.server;
  account.mailbox.spool = desk.spool == "pop3" ? Spool::pop3 : Spool::imap;
  mailbox.host = desk.server;
  mailbox.security = security_of(desk.security);
  mailbox.port = desk.port;
  mailbox.user = desk.user;
  mailbox.password = std::move(*password);
  mailbox.ca_file = desk.ca_file;
  ServerAccount& submission = account.submission;
  submission.host = desk.smtp_server;
  submission.security = security_of(desk.smtp_security);
  submission.port = desk.smtp_port;
  submission.user = desk.smtp_user;
  submission.password = std::move(*smtp_password);
  submission.ca_file = desk.ca_file;
  for (const auto& [name, missing] : {std::pair{"address", account.address.empty()},
                                      {"server", mailbox.host.empty()},
                                      {"port", mailbox.port == 0},
                                      {"user", mailbox.user.empty()},
                                      {"smtp_server", submission.host.empty()},
                                      {"smtp_port", submission.port == 0}}) {
    if (missing) return wrong(std::string("[ce_desk] ") + name + " is missing");
  }
  return account;
}

}  // namespace

Pages::Pages(Machine& machine, std::string state, Logger& logger)
    : machine_(machine), state_(std::move(state)), logger_(logger) {}
Pages::~Pages() = default;

Status Pages::follow(const Configuration& configuration) {
  const WebConfiguration& web = configuration.web;
  if (web.listen.empty()) {
    open_.reset();
    return {};
  }
  if (open_ && open_->configuration == web) return {};
  auto options = options_of(web, state_);
  if (!options) return std::move(options).error();
  auto fresh = std::make_unique<Open>();
  fresh->configuration = web;
  if (web.ce_desk.given()) {
    auto desk = desk_of(web.ce_desk);
    if (!desk) return std::move(desk).error();
    fresh->desk = std::move(*desk);
  }
  // The same address cannot be listened at twice: those that are open make room, and come back when it fails.
  std::unique_ptr<Open> before = std::move(open_);
  if (before) before->pages.reset();
  auto pages = WebPages::open(machine_.web_ports(web.ce_desk.given() ? &fresh->desk : nullptr), *options);
  if (!pages) {
    if (before) {
      if (auto old = options_of(before->configuration, state_)) {
        auto again = WebPages::open(
            machine_.web_ports(before->configuration.ce_desk.given() ? &before->desk : nullptr), *old);
        if (again) {
          before->pages = std::move(*again);
          open_ = std::move(before);
        }
      }
    }
    return std::move(pages).error();
  }
  fresh->pages = std::move(*pages);
  logger_.log(LogLevel::notice, "the pages are at " + fresh->pages->address());
  open_ = std::move(fresh);
  return {};
}

}  // namespace remotemaild
