// Every limit of the product, by name, with its rule. Units stand in the name or behind the value.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace remotemail::limits {

using namespace std::chrono_literals;

// D: fetching
inline constexpr std::size_t kMailsExecutedPerPoll = 5;      // D2
inline constexpr std::size_t kMailsJudgedPerPoll = 2000;     // D2
inline constexpr std::size_t kMailsLookedAtPerPoll = kMailsJudgedPerPoll + kMailsExecutedPerPoll;  // D2: the five come on top
inline constexpr auto kJudgingTimePerPoll = 60s;             // D2
inline constexpr std::size_t kFetchedBytesAtOnce = 256 * 1024;  // design, port Mailbox
inline constexpr std::uint64_t kDefaultMailSize = 10'240;    // D6, without the header block
inline constexpr std::size_t kHeaderBlock = 64 * 1024;       // D6
inline constexpr std::size_t kHeaderFields = 256;            // D: limits
inline constexpr std::size_t kHeaderField = 16 * 1024;       // D
inline constexpr std::size_t kMimeDepth = 8;                 // D
inline constexpr std::size_t kMimeParts = 64;                // D
inline constexpr std::size_t kMimeBoundary = 70;             // D, RFC 2046 5.1.1
inline constexpr std::size_t kBounceBytes = 64 * 1024;       // D13
inline constexpr auto kLoginFreshness = 60s;                 // D11
// E, F: commands
inline constexpr std::size_t kCommandsPerMail = 10;          // E10
inline constexpr std::size_t kPasswordLength = 20;           // B31, F15
// G: replies
inline constexpr std::size_t kReplyColumns = 128;            // G9
inline constexpr std::size_t kPhoneColumns = 24;             // G10
inline constexpr std::size_t kPhoneLines = 20;               // G10
inline constexpr std::size_t kListBytes = 256 * 1024;        // G
inline constexpr std::size_t kReplyBytes = 1024 * 1024;      // G: split above
inline constexpr std::size_t kTraceRoom = 2048;              // G: below a SIZE; what servers add counts there, too
inline constexpr std::size_t kReplyParts = 100;              // G: of one reply; one that needs more is not sent
inline constexpr std::size_t kPartText = 512;                // G: of the text, for which each part has room
inline constexpr auto kBusyWaitPerMail = 30s;                // G
inline constexpr auto kDeviceTimePerMail = 120s;             // design
inline constexpr auto kSessionAgeToRemove = 30s;             // design: older sessions do not delete
// H, R, Y: notices and guesses
inline constexpr std::uint64_t kNoticesPerHour = 20;         // H2
inline constexpr std::size_t kQuotedLines = 10;              // H2
inline constexpr std::size_t kQuotedOctets = 1024;           // H2
inline constexpr std::size_t kQuotableText = 8 * 1024;       // H2: as much of a body is fetched to quote from
inline constexpr std::uint64_t kGuessesPerHour = 10;         // Y8
inline constexpr std::size_t kWaitingMailsRemembered = 10'000;  // R11, Y8: more are looked at anew by each poll
inline constexpr unsigned kSessionsPerPoll = 4;                 // R1: so many, when the server ends them while mails are fetched
inline constexpr unsigned kBrokenFetchesBeforeRest = 3;         // R1: of a mail at which the server ends the connection
inline constexpr auto kBrokenFetchRests = 1h;                   // R1: in which it is left alone
inline constexpr auto kBrokenFetchAwaited = 24h;                // F20: and in which it may make a password behind it right
// R: store
inline constexpr unsigned kTriesBeforeSetAside = 3;          // R5
inline constexpr auto kDigestAge = std::chrono::days{400};   // R3
inline constexpr std::size_t kDigestsKept = 4096;            // R3
inline constexpr auto kSenderKnown = std::chrono::days{400};  // Y8
inline constexpr std::size_t kSendersKept = 1024;            // Y8: known senders that are remembered
inline constexpr std::size_t kLogKept = 1000;                // C5
inline constexpr std::size_t kLogShown = 10;                 // C5
inline constexpr auto kReplyLifetime = std::chrono::days{5};  // R6
inline constexpr auto kLongestRetryWait = 2h;                 // R6: more than that ahead, the clock was set back
// Y6: what a server may send
inline constexpr std::size_t kServerLine = 8 * 1024;         // octets, without line end
inline constexpr std::size_t kServerReplyLines = 256;        // lines of one SMTP reply or capability list
inline constexpr std::size_t kListedMails = 100'000;         // rows of a listing that are looked at
inline constexpr auto kConnectTime = 30s;                    // all addresses together
inline constexpr auto kAddressTime = 10s;                    // one address
inline constexpr auto kTlsTime = 30s;
inline constexpr auto kCommandTime = 60s;                    // one command and its answer
inline constexpr auto kMailboxSessionTime = 600s;
inline constexpr auto kFinalDotTime = 600s;                  // RFC 5321 4.5.3.2.6
inline constexpr auto kSendingSessionTime = 600s;             // SMTP, all mails; a final dot sent within it has its own
inline constexpr auto kStopPatience = 7s;                    // with a final dot after a stop; the whole ends within 10 s

}  // namespace remotemail::limits
