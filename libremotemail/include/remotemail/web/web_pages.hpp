// The copier's pages (chapter 2 of the manual): settings, tests, mail log and, for a simulated copier, its operation
// panel; served over HTTPS, or plain HTTP on loopback. Link remotemail::web.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "remotemail/agent/agent.hpp"
#include "remotemail/core/clock.hpp"
#include "remotemail/core/logger.hpp"
#include "remotemail/core/random.hpp"
#include "remotemail/core/result.hpp"
#include "remotemail/core/sealer.hpp"
#include "remotemail/core/server_account.hpp"
#include "remotemail/device_adapter/operation_panel.hpp"
#include "remotemail/protocol/mail_servers.hpp"

namespace remotemail {

// The mail client of the CE desk: a mailbox of its own beside the copier's, to write commands and see the replies.
struct CeDeskAccount {
  std::string address;     // From of the commands; where the replies arrive
  MailboxAccount mailbox;  // only looked at, never emptied
  ServerAccount submission;
  std::string note{};  // a line above the command form, such as the CE password of a demo; may be empty
};

// How the pages look and speak, for firmware that restyles them without touching a handler.
//
// Stylesheet: one file, served as /style.css under a policy that lets pages fetch nothing from elsewhere; no inline style
// is ever in a page. Operation panel and CE desk bring a small one each behind it (panel.css, ce_desk.css), which stay,
// built on the same variables: a rule of yours that is to win over theirs begins with `body`. Ours
// (libremotemail/web/assets/style.css) is the list of what there is to style: colours are the variables at its head,
// given twice for light and dark; elements are the plain ones of HTML (header, nav, main, footer, table, form, dl); of
// classes it knows
//   .card .cards .menu       what stands together; .bar .site .log-out: the head
//   .notice (.info .good .warning .error) and .badge (.good .warning .error .plain)
//   .field (.wrong), .help, .error, .note, .secret, .choices, .actions, .links
//   dl.numbers, .use, table.log, .steps (.now .past), .findings, .busy
// Below 40 rem table.log becomes cards by the data-name of its cells.
//
// Texts: plain text, never markup. Keys are stable: "nav.main", "page.reception", "choice.pop3"; "site.language" is the
// language that pages declare, "months" the twelve words in their dates. What is not among them - labels and help of
// settings, errors, results, lists, refusals of requests that are no HTTP - comes from the library and is the same in
// log and command line.
struct WebStyle {
  std::string stylesheet;  // replaces ours where not empty; at most 256 KiB
  std::map<std::string, std::string>
      texts;  // by key, replacing ours: web_texts() names all; an unknown key is an error
};

struct WebOptions {
  std::string listen =
      "127.0.0.1:8080";  // ADDRESS:PORT, [IPv6]:PORT or PORT (loopback); port 0: any free one
  // HTTPS with this certificate (chain) and key, PEM files. Both empty: one that is made at the first start is kept in
  // `state_directory` as web-certificate.pem and web-key.pem (0600).
  std::string certificate_file, key_file;
  std::string state_directory;
  // Plain HTTP: always allowed on loopback, and the default there; beyond it only when this is set.
  enum class Transport { automatic, https, http };
  Transport transport = Transport::automatic;
  std::vector<std::string>
      hosts;  // names accepted as Host beside loopback names, the listener's address and host name
  // Whoever does nothing for so long has to log in again (Y5); more than ten minutes count as ten.
  std::chrono::seconds session_idle{600};
  WebStyle style;
};

// All are used from the pages' threads, beside the agent's: each by its own contract for any thread, `servers` by one
// thread of the CE desk at a time, while the agent may use the same object (make_mail_servers() allows it).
struct WebPorts {
  Agent& agent;
  const Clock& clock;
  Random& random;
  Logger& logger;
  OperationPanel* panel = nullptr;  // only of a simulated copier: its panel pages
  MailServers* servers = nullptr;   // with `ce_desk`: what the desk mails with
  const CeDeskAccount* ce_desk = nullptr;
  const SealingKey* sealing_key = nullptr;  // the security page names it (Y3): its description, never the key
};

// Has its own threads (EMBEDDED.md, "Threads"); all that the ports refer to must outlive it, the options are copied. The
// agent's worker may have stopped before it: pages are still shown then, jobs wait. Slow and hostile clients cost a poll
// nothing (Y5); out of memory costs the request it hits, no thread.
class WebPages {
 public:
  // Listens when it returns. invalid_value names the option or file; not_permitted and already_running the address, or
  // that no thread could be started; store_full and store_failed a certificate that could not be kept.
  static Result<std::unique_ptr<WebPages>> open(const WebPorts&, const WebOptions&);
  // Any one thread, but none of its own. Cuts requests that are not there as a whole within 50 ms; waits for pages that
  // are being made and for what the CE desk has under way (Desk: a tenth of a second). Sessions end with it.
  ~WebPages();

  // Any thread.
  std::string address() const;  // "https://127.0.0.1:8080/"
  std::uint16_t port() const;

 private:
  struct Impl;
  explicit WebPages(std::unique_ptr<Impl>);
  static Result<std::unique_ptr<WebPages>> open_listener(const WebPorts&, const WebOptions&);
  std::unique_ptr<Impl> impl_;
};

// Every text of the pages by key, as it is without a WebStyle.
const std::map<std::string, std::string>& web_texts();

}  // namespace remotemail
