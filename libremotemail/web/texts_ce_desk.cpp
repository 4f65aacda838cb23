// Texts of the CE desk: for somebody who has never seen the product.
#include "web/texts.hpp"

namespace remotemail::web {
namespace {

constexpr TextEntry kTexts[] = {
    {"desk.title", "CE desk"},
    {"desk.what",
     "Here a customer engineer mails the copier a command and reads its answers, with mailboxes and mail servers as anywhere. "
     "Pick a command, type the CE password, press Send."},
    {"desk.no_address",
     "The copier has no e-mail address yet. Set it on the E-Mail reception setting page first."},
    {"desk.no_address.link", "E-Mail reception setting"},
    {"desk.write", "Command mail"},
    {"desk.from", "From"},
    {"desk.to", "To"},
    {"desk.subject", "Subject: the CE password"},
    {"desk.subject.help",
     "The copier answers a mail only when its Subject is the CE password and nothing else."},
    {"desk.show", "Show what I type as text"},
    {"desk.hide", "Hide what I type"},
    {"desk.body", "Commands"},
    {"desk.body.help", "One a line, from its first column, at most ten. Example: GETLOG COUNTER"},
    {"desk.send", "Send"},
    {"desk.refused", "Nothing was sent"},
    {"desk.error.subject", "is missing: type the CE password of the copier."},
    {"desk.error.subject_form", "must be one line of at most 200 characters."},
    {"desk.error.body", "are missing: write at least one, such as GETLOG COUNTER."},
    {"desk.error.ascii", "must be ASCII letters, digits and blanks, in lines of at most 200 characters."},
    {"desk.error.long", "must be shorter: a mail of 10 KB or more is illegal."},
    {"desk.error.busy", "A mail is on its way; the next one can leave when it has."},

    // --- cheat sheet ---
    {"desk.sheet", "What one can ask"},
    {"desk.sheet.what", "Small letters will do, and so does the shortest form."},
    {"desk.sheet.command", "Command"},
    {"desk.sheet.shortest", "Shortest"},
    {"desk.sheet.answer", "Answer"},
    {"desk.sheet.all", "All ten lists, a mail each"},
    {"desk.sheet.chpass", "Changes the CE password"},
    {"desk.sheet.help", "Explains all commands"},

    // --- what became of it ---
    {"desk.answers", "Answers"},
    {"desk.sent_mail", "Your mail"},
    {"desk.waiting", "The mail is about to leave."},
    {"desk.sending", "The mail is being sent:"},
    {"desk.sent", "The mail server has taken the mail."},
    {"desk.failed", "The mail was not sent."},
    {"desk.awaited", "The copier polls its mailbox and answers; this takes a few seconds."},
    {"desk.arrived", "The copier has answered."},
    {"desk.awaiting_more", "The copier answers. Of the answers asked for have come:"},
    {"desk.some",
     "Not all answers came within a minute. The others may still be under way: look for mails again later. Have come:"},
    {"desk.given_up",
     "No answer came within a minute. The copier may need longer (its mail log tells), or it found the mail illegal, which it "
     "never answers."},
    {"desk.hint.disabled",
     "E-mail notification of the copier is not enabled, so it does not look into its mailbox. "
     "Enable it on the E-Mail reception setting page."},
    {"desk.hint.off", "The copier is off: it answers when it is switched on again."},
    {"desk.hint.illegal",
     "The copier removed an illegal mail and answers none: is the CE password right, letter by letter? Small and capital letters differ."},
    {"desk.hint.failed", "The copier could not poll:"},
    {"desk.again", "Write another command"},
    {"desk.look", "Look for mails"},

    // --- the mailbox ---
    {"desk.mailbox", "Mails of the customer engineer"},
    {"desk.mailbox.latest", "The latest 20. They are only looked at, never removed."},
    {"desk.reading", "Looking into the mailbox."},
    {"desk.read_failed", "The mailbox could not be read."},
    {"desk.none", "No mail has come yet."},
    {"desk.mail.subject", "Subject"},
    {"desk.mail.from", "From"},
    {"desk.mail.date", "Date"},
    {"desk.mail.no_subject", "(no subject)"},
    {"desk.mail.unreadable", "(unreadable sender)"},
    {"desk.mail.empty", "(no text)"},
    {"desk.mail.cut", "The mail is longer than this page shows."},
    {"desk.mail.gone", "This mail is not among the latest any more."},
};

}  // namespace

std::span<const TextEntry> ce_desk_texts() {
  return kTexts;
}

}  // namespace remotemail::web
