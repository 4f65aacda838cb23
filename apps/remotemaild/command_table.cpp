// Every command and option of remotemaild, in words: the one table (see command_line.hpp).
#include <array>

#include "command_line.hpp"

namespace remotemaild {
namespace {

const std::array<OptionWords, 4> kGlobalOptions{{
    {"state", "", "DIR", "the state directory (default: $STATE_DIRECTORY, else /var/lib/remotemail)"},
    {"config", "", "FILE",
     "the INI file, see `help run` (default: /etc/remotemail/remotemaild.ini where there is one)"},
    {"help", "h", "", "this text, or help about COMMAND"},
    {"version", "", "", "the version"},
}};

const std::vector<CommandWords>& commands() {
  static const OptionWords json{"json", "", "", "print JSON"};
  static const std::string run_details =
      "Polls the mailbox, answers, sends, until SIGTERM or SIGINT. SIGHUP reads the INI file again. Events go to\n"
      "standard error, a line each, with journald's level prefix when that is no terminal. Tells systemd when it is\n"
      "ready. Other commands may be used meanwhile: they are carried out by the running service, with its "
      "configuration.\n\n"
      "The INI file of --config has\n\n" +
      configuration_help();
  static const std::vector<CommandWords> table{
      {"run", "", "run the service in the foreground", run_details, {}},
      {"once",
       "",
       "one poll and one sending round, now",
       "Exit status 0 when all went well, 1 when something failed, 3 when the function is disabled or the "
       "machine off.",
       {{"max-mails", "n", "N", "execute at most N mails (default 5)"}, json}},
      {"poll",
       "",
       "have the running service poll now",
       "Fails when no service runs; then use `once`.",
       {json}},
      {"status",
       "",
       "what the mail function is doing",
       "Whether a service runs and what it does, whether E-mail notification is enabled, the machine's state, the last "
       "and\n"
       "the next poll, how many mails wait to be sent, and every trouble with its cause.",
       {json}},
      {"settings",
       "[list | get KEY | set KEY=VALUE ... | import FILE | export]",
       "show and change the settings",
       "list           all settings with their values and what they mean; secrets are shown as \"set\" or "
       "\"not set\"\n"
       "get KEY        one value\n"
       "set KEY=VALUE  changes one or more, all or none. KEY=@FILE takes the value from a file, KEY=- from "
       "standard\n"
       "               input (a terminal is asked and does not show it), so that no password stands in a process list\n"
       "import FILE    `key=value` lines, all or none; `-`: standard input\n"
       "export         such lines, without secrets\n"
       "\nEnabling on a mailbox that holds more than 20 mails needs --yes: they will be removed from it. An import that\n"
       "enables is not asked.\n\n"
       "For example: remotemaild settings set reception.server=mail.example.com reception.password=- "
       "reception.enabled=yes",
       {{"yes", "y", "", "enable although the mailbox holds many mails, or cannot be looked at"}, json}},
      {"test",
       "send | round-trip",
       "mail a test, and fetch it back",
       "send        mails the Manager and says how it went\n"
       "round-trip  mails the copier's own address and fetches the mail back; two results, one for each half\n"
       "The settings as applied are used, also while the function is disabled; not while the machine is off. Steps go "
       "to\n"
       "standard error as they begin. Exit status 0 when it works, 1 when not.",
       {json}},
      {"check",
       "",
       "look at everything that must be right, and say what is not",
       "State directory, clock, machine, settings, then both mail servers: name, connection, TLS and certificate, "
       "log-in,\n"
       "mailbox, envelope sender. Each is passed, failed (with cause and cure), a note (works, but look at it) or "
       "skipped.\n"
       "Sends no mail and removes none. Exit status 0 when nothing failed, 1 when something did.",
       {json}},
      {"backup",
       "FILE",
       "write a copy of the whole state",
       "A new file with mode 0600, `-`: standard output. It may be made while the service runs. Passwords in it stay "
       "sealed:\n"
       "without the sealing key (DIR/key, or the credential) they have to be entered anew after a restore elsewhere.",
       {{"with-key", "", "", "put the sealing key in: whoever has the file then has the passwords"}}},
      {"restore",
       "FILE",
       "put a backup in the place of the state",
       "Not while a service runs on the state. The backup is looked at whole before anything is replaced; what it "
       "replaces is\n"
       "kept as state.db.before-restore. Wants --yes when there is a state.",
       {{"yes", "y", "", "replace the present state"}}},
      {"log",
       "",
       "the mail log, newest first",
       "A line a mail, received or sent, with time, peer and outcome. The latest 1,000 are kept.",
       {{"number", "n", "N", "the latest N entries (default 10, at most 1000)"}, json}},
      {"outbox",
       "[list | show ID | retry ID | drop ID]",
       "mails that wait to be sent",
       "list      all of them, oldest first, with their latest trouble\n"
       "show ID   the whole mail; not of a reply that shows a password\n"
       "retry ID  tries to send this one now\n"
       "drop ID   takes it out, unsent; the mail log says so\n"
       "Of an ID the first letters are enough. What waits is tried again by itself, for 5 days.",
       {json}},
      {"list",
       "[KEYWORD]",
       "print a list as a mail would contain it",
       "Without arguments: which lists the machine has.\n"
       "KEYWORD  one of them, or ALL, as after GETLOG in a mail: in any case, down to its shortest form. C is "
       "COUNTER,\n"
       "         PI is PIXEL. Nothing is sent or logged; codes are masked, names as `security.mask_names` says.",
       {{"all", "", "", "every list the machine has (no KEYWORD)"},
        {"phone", "", "", "the counter list laid out for a phone (no KEYWORD)"}}},
      {"panel",
       "[state ready|jam|sc|low-power|shut-off | power main|sub on|off | copy N | print LIST | ip ADDRESS MASK GATEWAY]",
       "the simulated copier's operation panel",
       "Without arguments: what it shows.\n"
       "state S        ready, jam, sc, low-power or shut-off\n"
       "power SWITCH   main or sub, on or off\n"
       "copy N         makes N copies\n"
       "print LIST     a list as List Output Mode prints it; LIST is one of GETLOG's options, or PHONE\n"
       "ip A M G       IP address, subnet mask, gateway; effective after power off and on",
       {json}},
      {"help",
       "[COMMAND]",
       "this text, or about a command",
       "The same as --help, and as COMMAND --help.",
       {}},
  };
  return table;
}

}  // namespace

std::span<const CommandWords> all_commands() {
  return commands();
}

const CommandWords* find_command(std::string_view name) {
  for (const CommandWords& command : commands()) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

std::span<const OptionWords> global_options() {
  return kGlobalOptions;
}

}  // namespace remotemaild
