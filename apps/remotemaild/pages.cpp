#include "pages.hpp"

#include <sys/stat.h>

#include <utility>

#include "core/text.hpp"
#include "read_file.hpp"
#include "remotemail/web/web_pages.hpp"

namespace remotemaild {

using namespace remotemail;

struct Pages::Open {
  WebConfiguration configuration;
  std::string files;
  CeDeskAccount desk;
  std::unique_ptr<WebPages> pages;
};

namespace {

Error wrong(std::string words) {
  return make_error(Cause::invalid_value, Step::settings, std::move(words), Retry::after_setup_change);
}

// Whose file it was that could not be read.
Error of_key(const char* key, Error error) {
  error.detail = std::string("[web] ") + key + ": " + error.detail;
  return error;
}

// `key = text` lines; # begins a comment.
Result<std::map<std::string, std::string>> read_texts(const std::string& path) {
  auto file = read_file(path);
  if (!file) return of_key("texts", std::move(file).error());
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
  options.session_idle = std::chrono::seconds(web.session_seconds);
  if (!web.stylesheet.empty()) {
    auto style = read_file(web.stylesheet);
    if (!style) return of_key("stylesheet", std::move(style).error());
    options.style.stylesheet = std::move(*style);
  }
  if (!web.texts.empty()) {
    auto texts = read_texts(web.texts);
    if (!texts) return std::move(texts).error();
    options.style.texts = std::move(*texts);
  }
  return options;
}

// Another text when a file that the pages are made of is another one.
std::string states_of_files(const WebConfiguration& web) {
  std::string states;
  for (const std::string& path : {web.certificate, web.key, web.stylesheet, web.texts,
                                  web.ce_desk.password_file, web.ce_desk.smtp_password_file}) {
    struct stat about {};
    if (path.empty() || ::stat(path.c_str(), &about) != 0) {
      states += "-;";
      continue;
    }
    for (const auto part :
         {static_cast<long long>(about.st_ino), static_cast<long long>(about.st_size),
          static_cast<long long>(about.st_mtim.tv_sec), static_cast<long long>(about.st_mtim.tv_nsec)}) {
      states += std::to_string(part) + ";";
    }
  }
  return states;
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
  const bool imap = account.mailbox.spool == Spool::imap, tls = mailbox.security == Security::tls;
  const std::uint16_t usual = imap ? (tls ? 993 : 143) : (tls ? 995 : 110);
  mailbox.port = desk.port == 0 ? usual : desk.port;
  mailbox.user = desk.user;
  mailbox.password = std::move(*password);
  mailbox.ca_file = desk.ca_file;
  ServerAccount& submission = account.submission;
  submission.host = desk.smtp_server;
  submission.security = security_of(desk.smtp_security);
  const std::uint16_t usual_smtp = submission.security == Security::tls        ? 465
                                   : submission.security == Security::starttls ? 587
                                                                               : 25;
  submission.port = desk.smtp_port == 0 ? usual_smtp : desk.smtp_port;
  submission.user = desk.smtp_user;
  submission.password = std::move(*smtp_password);
  submission.ca_file = desk.ca_file;
  for (const auto& [name, missing] : {std::pair{"address", account.address.empty()},
                                      {"server", mailbox.host.empty()},
                                      {"user", mailbox.user.empty()},
                                      {"password_file", mailbox.password.empty()},
                                      {"smtp_server", submission.host.empty()},
                                      {"smtp_password_file (it goes with smtp_user)",
                                       !submission.user.empty() && submission.password.empty()}}) {
    if (missing) return wrong(std::string("[ce_desk] ") + name + " is missing");
  }
  return account;
}

}  // namespace

Pages::Pages(Machine& machine, std::string state, Logger& logger)
    : machine_(machine), state_(std::move(state)), logger_(logger) {}
Pages::~Pages() = default;

bool Pages::are_open() const {
  return open_ != nullptr;
}

Result<std::unique_ptr<Pages::Open>> Pages::open(const WebConfiguration& web) {
  auto fresh = std::make_unique<Open>();
  fresh->configuration = web;
  fresh->files = states_of_files(web);  // before reading: what changes meanwhile is read at the next reload
  auto options = options_of(web, state_);
  if (!options) return std::move(options).error();
  if (web.ce_desk.given()) {
    auto desk = desk_of(web.ce_desk);
    if (!desk) return std::move(desk).error();
    fresh->desk = std::move(*desk);
  }
  auto pages = WebPages::open(machine_.web_ports(web.ce_desk.given() ? &fresh->desk : nullptr), *options);
  if (!pages) return std::move(pages).error();
  fresh->pages = std::move(*pages);
  return fresh;
}

Status Pages::follow(const Configuration& configuration) {
  const WebConfiguration& web = configuration.web;
  if (web.listen.empty()) {
    if (open_) logger_.log(LogLevel::notice, "the pages are closed");
    open_.reset();
    return {};
  }
  // Nobody is logged out for nothing; a renewed certificate is something.
  if (open_ && open_->configuration == web && open_->files == states_of_files(web)) return {};
  auto fresh = open(web);
  if (!fresh && fresh.error().cause == Cause::already_running && open_) {
    // Perhaps those that are open listen there: they make room, and come back when that does not help.
    const WebConfiguration before = open_->configuration;
    open_.reset();
    fresh = open(web);
    if (!fresh) {
      auto again = open(before);
      if (again) {
        open_ = std::move(*again);
        logger_.log(LogLevel::notice, "the pages are at " + open_->pages->address());
      } else {
        logger_.log(LogLevel::error, "the pages are closed: " + describe(again.error()));
      }
    }
  }
  if (!fresh) return std::move(fresh).error();
  open_ = std::move(*fresh);
  logger_.log(LogLevel::notice, "the pages are at " + open_->pages->address());
  return {};
}

}  // namespace remotemaild
