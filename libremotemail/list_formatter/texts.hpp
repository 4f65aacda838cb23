// Every fixed word of a reply, in one place: what a customer engineer may read beside what the device says. `{}` is
// filled in by whoever uses the text. Said elsewhere: why a device could not be read (words(Cause), core), the lines
// that were not understood (command_parser: E9, E13), the titles of the lists (core/commands.hpp).
#pragma once

#include <string_view>

namespace remotemail::texts {

// The head (G4–G7)
inline constexpr std::string_view kSerialNumber = "Serial number";
inline constexpr std::string_view kRequestedBy = "Requested by";
inline constexpr std::string_view kNickname = "Nickname";
inline constexpr std::string_view kDelayTime = "Delay time";
inline constexpr std::string_view kDelay = "{}{}d {:02}h{:02}m{:02}s";  // sign, days, hours, minutes, seconds
inline constexpr std::string_view kNoDelay = "not known, your mail had no readable date";
inline constexpr std::string_view kEcho = "> {}";

// Topics (G3)
inline constexpr std::string_view kPasswordTopic = "Password change";
inline constexpr std::string_view kHelpTopic = "Help";
inline constexpr std::string_view kErrorsTopic = "Command errors";

// The password (F16–F18, the manual's, to the letter; Y4)
inline constexpr std::string_view kPasswordChanged =
    "SE's Password was changed successfully. -> New Password:[{}]";
inline constexpr std::string_view kOldPasswordWrong = "Old Password is Invalid. ->";
inline constexpr std::string_view kNewPasswordIllFormed = "Violation on format by new password. ->";
inline constexpr std::string_view kHiddenPassword = "********";

// Lists (G, L)
inline constexpr std::string_view kNoSuchList = "This machine has no {}.";
inline constexpr std::string_view kUnreadable = "The {} cannot be read now: {}.";
inline constexpr std::string_view kEmptyList = "This list is empty.";
inline constexpr std::string_view kNoRows = "No entries.";
inline constexpr std::string_view kNoPhoneRows = "No counters.";
inline constexpr std::string_view kCode = "Code";  // the title of the column that holds the rows' codes
inline constexpr std::string_view kPercent = "%";  // the unit of a percentage that has none
inline constexpr std::string_view kNoValue = "-";  // on the phone
inline constexpr std::string_view kBillingMark = "*";
inline constexpr std::string_view kBillingTotal = "* The billing total is {}.";
inline constexpr std::string_view kBillingTotalOf = "* The billing total is {}: {}.";
inline constexpr std::string_view kHiddenCode = "****";
inline constexpr std::string_view kCut = "[The list is longer than a mail may be. The rest is cut.]";

// HELP (F22, E16). Sentences; the formatter breaks them into lines.
inline constexpr std::string_view kNoCommand = "No command was found in your mail.";
inline constexpr std::string_view kHelp =
    "Mail this copier a command, and it mails back what it would print in List Output Mode.";

inline constexpr std::string_view kMailToSend =
    "The mail to send\n"
    "----------------\n"
    "To       the mail address of this copier\n"
    "Subject  the password and nothing else, no \"Re:\"\n"
    "From     your address; the answers go there\n"
    "Text     the commands, one a line, from the first column\n"
    "\n"
    "This text asks for two lists and gets two mails:\n"
    "\n"
    "GetLog Counter\n"
    "GetLog Management\n";

inline constexpr std::string_view kCommandsTitle =
    "Command             Shortest       What comes back\n"
    "------------------  -------------  ---------------------------------------\n";
struct CommandHelp {
  std::string_view command;   // in capitals, the words behind it included
  std::string_view shortest;  // of these words
  std::string_view answer;
};
inline constexpr CommandHelp kGetLogAlone{"", "", "the main counters, laid out for a phone"};
inline constexpr CommandHelp kGetLogList{" <list>", " <list>", "one of the lists below"};
inline constexpr CommandHelp kGetLogAll{" ALL", " AL", "all lists below, each in its own mail"};
inline constexpr CommandHelp kChPass{" <old> <new>", " <old> <new>", "the password is changed"};
inline constexpr CommandHelp kHelpItself{"", "", "this text"};

inline constexpr std::string_view kListsTitle =
    "List                Shortest       Title                      This machine\n"
    "------------------  -------------  -------------------------  ------------\n";
inline constexpr std::string_view kOffered = "yes";
inline constexpr std::string_view kNotOffered = "no";

inline constexpr std::string_view kWritingTitle = "How to write commands";
inline constexpr std::string_view kWriting[] = {
    "Capital and small letters mean the same. A word may be shortened as far as \"Shortest\" shows: G C is "
    "GETLOG COUNTER.",
    "Between words stand one or more blanks or TABs. After the name of a list the rest of the line is "
    "ignored.",
    "Use plain ASCII characters; a line with others is not understood.",
    "A line that begins with a blank, a TAB or \">\" is ignored.",
    "A line \"--\" ends the commands; a signature may follow it.",
    "A list that is asked for twice, by ALL or by name, comes once.",
};

inline constexpr std::string_view kLimitsTitle = "Limits";
inline constexpr std::string_view kCommandsLimit =
    "At most {} commands a mail; any after them are ignored.";
inline constexpr std::string_view kPasswordLimit =
    "A password has 1 to {} printable ASCII characters and no space. Here capital and small letters differ. "
    "A new one counts from the next mail on.";
inline constexpr std::string_view kSizeLimit =
    "A mail of {} or more gets no answer, nor does one with a wrong password; both are removed. The mail's "
    "header does not count, attachments do.";
inline constexpr std::string_view kMailsLimit =
    "At most {} mails are answered each time mail is fetched, the oldest first; the others wait for the next "
    "time.";
inline constexpr std::string_view kColumnsLimit =
    "Lines of an answer have up to {} characters and want a font of fixed width. On a phone use GETLOG alone.";
inline constexpr std::string_view kKilobytes = "{} KB";
inline constexpr std::string_view kBytes = "{} bytes";

inline constexpr std::string_view kFetchedEveryMinute = "Mail is fetched every minute. Last time: {}.";
inline constexpr std::string_view kFetched = "Mail is fetched every {} minutes. Last time: {}.";
inline constexpr std::string_view kNotKnown = "not known";

inline constexpr std::string_view kExamples =
    "Examples\n"
    "--------\n"
    "GETLOG                  the main counters, for a phone\n"
    "GetLog Counter          the counter list\n"
    "g pi                    the pixel ratio list\n"
    "GetLog All              all lists\n"
    "ChPass OldWord NewWord  the password becomes NewWord\n";

}  // namespace remotemail::texts
