#include "pages.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <optional>
#include <utility>
#include <vector>

#include "core/text.hpp"
#include "read_file.hpp"

namespace remotemaild {
namespace {

using namespace remotemail;

Error wrong(std::string words) {
  return make_error(Cause::invalid_value, Step::settings, std::move(words), Retry::after_setup_change);
}

// Lines KEY=TEXT; empty lines and those that begin with # are passed over.
Status read_texts(const std::string& path, std::map<std::string, std::string>& texts) {
  const auto file = read_file(path);
  if (!file) return file.error();
  std::size_t number = 0;
  for (const std::string_view raw : split(*file, '\n')) {
    ++number;
    const std::string_view line = trim(raw);
    if (line.empty() || line.front() == '#') continue;
    const auto equals = line.find('=');
    if (equals == std::string_view::npos || equals == 0)
      return wrong(fmt::format("{}: line {} must be KEY=TEXT", path, number));
    const std::string key(trim(line.substr(0, equals)));
    if (!web_texts().contains(key))
      return wrong(fmt::format("{}: line {}: there is no text \"{}\"", path, number, clean_line(key, 60)));
    texts.insert_or_assign(key, std::string(trim(line.substr(equals + 1))));
  }
  return {};
}

Result<WebOptions> options_of(const WebConfiguration& web, const std::string& directory) {
  WebOptions options;
  options.listen = web.listen;
  options.certificate_file = web.certificate;
  options.key_file = web.key;
  options.transport = web.transport;
  options.hosts = web.hosts;
  options.state_directory = directory;
  if (!web.stylesheet.empty()) {
    auto text = read_file(web.stylesheet);
    if (!text) return text.error();
    options.style.stylesheet = std::move(*text);
  }
  if (!web.texts.empty()) {
    if (Status read = read_texts(web.texts, options.style.texts); !read) return read.error();
  }
  return options;
}

std::uint16_t usual_port(Security security, std::uint16_t with_tls, std::uint16_t without) {
  return security == Security::tls ? with_tls : without;
}

Result<ServerAccount> account_of(const CeDeskConfiguration::Server& server, const std::string& ca_file,
                                 std::uint16_t usual) {
  ServerAccount account;
  account.host = server.host;
  account.port = server.port == 0 ? usual : server.port;
  account.security = server.security;
  account.user = server.user;
  account.ca_file = ca_file;
  if (server.password_file.empty()) return account;
  auto password = read_file(server.password_file);
  if (!password) return password.error();
  Secret text(std::string(password->substr(0, password->find_first_of("\r\n"))));
  wipe(*password);
  if (text.empty()) return wrong(server.password_file + ": holds no password");
  account.password = std::move(text);
  return account;
}

Result<CeDeskAccount> desk_of(const CeDeskConfiguration& desk) {
  CeDeskAccount account;
  account.address = desk.address;
  account.mailbox.spool = desk.spool;
  const bool imap = desk.spool == Spool::imap;
  const Security security = desk.mailbox.security;
  auto mailbox = account_of(desk.mailbox, desk.ca_file,
                            imap ? usual_port(security, 993, 143) : usual_port(security, 995, 110));
  if (!mailbox) return mailbox.error();
  account.mailbox.server = std::move(*mailbox);
  auto submission = account_of(
      desk.smtp, desk.ca_file,
      desk.smtp.security == Security::none ? std::uint16_t{25} : usual_port(desk.smtp.security, 465, 587));
  if (!submission) return submission.error();
  account.submission = std::move(*submission);
  return account;
}

// Another state of a file that the pages were made of is another text here.
std::string states_of_files(const Configuration& c) {
  std::string states;
  for (const std::string& path : {c.web.certificate, c.web.key, c.web.stylesheet, c.web.texts,
                                  c.ce_desk.mailbox.password_file, c.ce_desk.smtp.password_file}) {
    struct stat about {};
    if (path.empty() || ::stat(path.c_str(), &about) != 0) {
      states += "-;";
      continue;
    }
    states +=
        fmt::format("{}.{}.{}.{};", about.st_ino, about.st_size, about.st_mtim.tv_sec, about.st_mtim.tv_nsec);
  }
  return states;
}

}  // namespace

struct Pages::Served {
  Configuration configuration;
  std::string files;
  std::optional<CeDeskAccount> desk;
  std::unique_ptr<WebPages> pages;  // dies before what it refers to
};

Pages::Pages(Machine& machine, std::string directory, Logger& logger)
    : machine_(machine), directory_(std::move(directory)), logger_(logger) {}
Pages::~Pages() = default;

void Pages::stop() {
  served_.reset();
}

Result<std::unique_ptr<Pages::Served>> Pages::open(const Configuration& configuration) {
  auto served = std::make_unique<Served>();
  served->configuration = configuration;
  served->files = states_of_files(configuration);  // before reading: what changes meanwhile is read next time
  auto options = options_of(configuration.web, directory_);
  if (!options) return options.error();
  WebPorts ports = machine_.web_ports(logger_);
  if (configuration.ce_desk.is_wanted()) {
    auto desk = desk_of(configuration.ce_desk);
    if (!desk) return desk.error();
    served->desk = std::move(*desk);
    ports.ce_desk = &*served->desk;
  }
  auto pages = WebPages::open(ports, *options);
  if (!pages) return pages.error();
  served->pages = std::move(*pages);
  return served;
}

Status Pages::serve(const Configuration& configuration) {
  if (configuration.web.listen.empty()) {
    if (served_) logger_.log(LogLevel::notice, "the pages are no longer served");
    stop();
    return {};
  }
  if (served_ && served_->configuration.web == configuration.web &&
      served_->configuration.ce_desk == configuration.ce_desk &&
      served_->files == states_of_files(configuration)) {
    return {};
  }
  auto fresh = open(configuration);
  if (!fresh && fresh.error().cause == Cause::already_running && served_) {
    // Perhaps it is ourselves who listen there: out of the way, and back where that does not help.
    const Configuration before = served_->configuration;
    stop();
    fresh = open(configuration);
    if (!fresh) {
      if (auto again = open(before)) {
        served_ = std::move(*again);
      } else {
        logger_.log(LogLevel::error, "the pages are gone: " + describe(again.error()));
      }
    }
  }
  if (!fresh) return fresh.error();
  served_ = std::move(*fresh);
  logger_.log(LogLevel::notice, "the pages are served at " + served_->pages->address());
  return {};
}

}  // namespace remotemaild
