#include "protocol/message/command_mails.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>

#include "core/text.hpp"
#include "protocol/message/header_fields.hpp"
#include "protocol/message/mail_text.hpp"

namespace remotemail::testing {
namespace {

std::string read_mail(const std::string& name) {
  std::ifstream file(REMOTEMAIL_SOURCE_DIR "/tests/protocol/message/mails/" + name + ".eml",
                     std::ios::binary);
  if (!file) throw std::runtime_error("there is no mail " + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<CommandMail> make() {
  std::vector<CommandMail> mails{
      {"ios_plain", "iPhone Mail, plain", {"COUNTER", "JOB", "Command Not Found -> Sent from my iPhone"}},
      {"ios_signature_dash",
       "iPhone Mail with a dash that the telephone made of \"--\"",
       {"COUNTER", "Command Not Found -> ? ", "Command Not Found -> Ann"}},
      {"ios_photo", "iPhone Mail with a photo between two texts", {"MANAGEMENT"}},
      {"gmail_android", "Gmail app on Android", {"phone"}},
      {"samsung_email", "Samsung Email", {"COUNTER", "PIXEL", "Command Not Found -> Sent from my Galaxy"}},
      {"android_stock",
       "Mail of Android 2",
       {"COUNTER", "Command Not Found -> Von meinem Mobiltelefon gesendet"}},
      {"blackberry",
       "BlackBerry",
       {"COUNTER", "EKC", "Command Not Found -> Sent from my BlackBerry wireless device"}},
      {"blackberry_10", "BlackBerry 10, HTML alone", {"COUNTER", "JOB"}},
      {"windows_phone", "Windows Phone", {"USER", "Command Not Found -> Sent from my Windows Phone"}},
      {"windows_10_mail",
       "Mail of Windows 10",
       {"COUNTER", "Command Not Found -> Sent from Mail for Windows"}},
      {"sms_gateway", "telephone without a mail program, through a gateway", {"phone", "help"}},
      {"mms_gateway", "MMS", {"COUNTER"}},
      {"docomo", "telephone of docomo, with a picture character", {"COUNTER", "Command Not Found -> ?"}},
      {"au_ezweb", "telephone of au", {"phone", "Command Not Found -> ?\??\??\?"}},
      {"softbank",
       "telephone of SoftBank, with an ideographic space after the command",
       {"Command Not Found -> GETLOG?COUNTER", "COUNTER"}},
      {"outlook_desktop",
       "Outlook for Windows: text beside Word HTML",
       {"COUNTER", "JOB", "Command Not Found -> Kind regards", "Command Not Found -> Ann M?ller"}},
      {"outlook_word_html_only",
       "Outlook for Windows, Word HTML alone",
       {"COUNTER", "JOB", "Command Not Found -> Ann"}},
      {"outlook_tnef", "Outlook through Exchange: winmail.dat beside the text", {"PARAMETER"}},
      {"exchange_5_5", "Exchange 5.5 and its text beside HTML", {"COUNTER", "MANAGEMENT"}},
      {"outlook_com", "Outlook on the web, consumer", {"COUNTER", "Option Not Found -> Get Outlook for iOS"}},
      {"owa", "Outlook Web Access, HTML alone", {"COUNTER", "JOB"}},
      {"outlook_express", "Outlook Express", {"COUNTER", "2MANAGEMENT", "Command Not Found -> Ann"}},
      {"outlook_express_utf7", "Outlook Express in UTF-7", {"COUNTER", "Command Not Found -> Gr?\?e"}},
      {"outlook_express_mac", "Outlook Express for Macintosh", {"ADJUSTMENT"}},
      {"windows_live_mail", "Windows Live Mail", {"COUNTER"}},
      {"word_quotes",
       "Word as mail editor: typographic quotation marks and dashes",
       {"Command Not Found -> ?GETLOG COUNTER?", "Command Not Found -> ?", "COUNTER"}},
      {"owa_zero_width",
       "Outlook on the web: BOM, zero-width and no-break spaces in the text",
       {"COUNTER", "JOB"}},
      {"lotus_notes",
       "Lotus Notes",
       {"COUNTER", "EKC", "Command Not Found -> Mit freundlichen Gr?\?en",
        "Command Not Found -> Ann Miller"}},
      {"apple_mail_rich", "Apple Mail of 2002, text beside enriched text", {"COUNTER", "MANAGEMENT"}},
      {"apple_mail", "Apple Mail, HTML with a logo", {"COUNTER", "JOB"}},
      {"thunderbird_flowed", "Thunderbird, flowed", {"COUNTER", "JOB"}},
      {"thunderbird_html", "Thunderbird, HTML", {"COUNTER"}},
      {"netscape_4", "Netscape Communicator with a visiting card", {"FONT"}},
      {"eudora", "Eudora", {"COUNTER", "PARAMETER"}},
      {"pegasus", "Pegasus Mail", {"COUNTER"}},
      {"the_bat", "The Bat! in windows-1251", {"COUNTER", "JOB", "Command Not Found -> ?\??\??\??"}},
      {"kmail", "KMail, signed with PGP", {"COUNTER"}},
      {"evolution", "Evolution", {"COUNTER", "USER"}},
      {"claws_pgp", "Claws Mail, signed with PGP", {"COUNTER"}},
      {"pgp_clear_signed",
       "mutt with a clear-signed text: the lines of the armour are no commands",
       {"Command Not Found -> -----BEGIN PGP SIGNED MESSAGE-----", "Command Not Found -> Hash: SHA1",
        "Command Not Found -> -----BEGIN PGP SIGNATURE-----",
        "Command Not Found -> Version: GnuPG v1.0.1 (GNU/Linux)", "Command Not Found -> iD8DBQE4h0",
        "Command Not Found -> -----END PGP SIGNATURE-----", "COUNTER"}},
      {"smime_signed", "Outlook, signed with S/MIME", {"COUNTER", "Command Not Found -> Ann"}},
      {"smime_opaque", "Outlook, signed opaquely with S/MIME: there is no text", {"no command"}},
      {"mutt", "mutt", {"COUNTER", "JOB"}},
      {"alpine", "Alpine", {"COUNTER"}},
      {"pine", "Pine with a file", {"COUNTER", "USER"}},
      {"elm", "Elm, before MIME", {"JOB"}},
      {"nmh", "nmh", {"COUNTER"}},
      {"gnus", "Gnus", {"COUNTER"}},
      {"mailx_heirloom", "Heirloom mailx in a script", {"COUNTER", "help"}},
      {"mail_bsd", "mail of a Unix host, no MIME, one empty line at the end", {"COUNTER"}},
      {"msmtp", "printf to msmtp: three fields and nothing else", {"COUNTER"}},
      {"curl", "curl with a file, no line end at the end", {"COUNTER", "JOB"}},
      {"swaks", "swaks", {"COUNTER"}},
      {"python_smtplib", "Python: email and smtplib", {"phone", "Command Not Found -> f?r heute"}},
      {"powershell", "PowerShell: Send-MailMessage", {"COUNTER", "JOB"}},
      {"phpmailer", "PHP", {"COUNTER"}},
      {"gmail_web", "Gmail in a browser, with a signature", {"COUNTER", "JOB"}},
      {"yahoo", "Yahoo in a browser", {"COUNTER", "Command Not Found -> Sent from Yahoo Mail. Get the app"}},
      {"aol", "AOL", {"COUNTER", "JOB"}},
      {"gmx", "GMX in a browser, HTML alone", {"COUNTER", "JOB"}},
      {"webde_app", "app of web.de", {"COUNTER"}},
      {"k9", "K-9 Mail", {"COUNTER", "JOB"}},
      {"fairemail", "FairEmail", {"COUNTER"}},
      {"roundcube", "Roundcube", {"COUNTER", "JOB"}},
      {"horde",
       "Horde: flowed with DelSp",
       {"COUNTER", "Command Not Found -> a line that Horde breaks within its wordsandputs together again"}},
      {"squirrelmail", "SquirrelMail", {"COUNTER", "CHPASS U-BIX Sitios"}},
      {"zimbra", "Zimbra", {"COUNTER"}},
      {"zoho", "Zoho Mail", {"COUNTER", "JOB"}},
      {"proton", "Proton Mail", {"COUNTER", "Command Not Found -> Sent with Proton Mail secure email."}},
      {"ox", "Open-Xchange", {"MANAGEMENT"}},
      {"em_client", "eM Client", {"COUNTER"}},
      {"becky", "Becky! in ISO-2022-JP", {"COUNTER", "JOB"}},
      {"shuriken",
       "Shuriken: letters of full width are no commands",
       {"Command Not Found -> ?\??\??\?", "Command Not Found -> GETLOG ?\??\??\??", "COUNTER"}},
      {"sylpheed", "Sylpheed in ISO-2022-JP", {"COUNTER", "Command Not Found -> ?\??\??\??\??"}},
      {"shift_jis_backslash",
       "Shift_JIS, a character whose second octet is a backslash",
       {"Command Not Found -> ?\??", "COUNTER"}},
      {"euc_jp", "EUC-JP from a Unix host", {"COUNTER", "Command Not Found -> ?\??\??"}},
      {"euc_kr", "Korean web mail in EUC-KR", {"COUNTER", "Command Not Found -> ?\??\??"}},
      {"foxmail_gb2312", "Foxmail in GB2312", {"COUNTER", "Command Not Found -> ?\?"}},
      {"qq_gb18030", "QQ Mail in GB18030", {"JOB", "Command Not Found -> ?\??\??\??\??"}},
      {"big5",
       "Outlook Express in Big5, octets of 7 bits within characters",
       {"Command Not Found -> ?\??", "COUNTER"}},
      {"koi8_r", "Unix host in KOI8-R", {"COUNTER", "Command Not Found -> ?\??\??\??"}},
      {"yandex", "Yandex, HTML alone", {"COUNTER", "JOB"}},
      {"iso_8859_2", "Czech web mail in ISO-8859-2", {"COUNTER", "Command Not Found -> D?kuji"}},
      {"hebrew_marks",
       "Hebrew web mail: marks of direction around the command",
       {"COUNTER", "Command Not Found -> ?\??\?"}},
      {"arabic_embedding", "Arabic HTML mail: embedding of direction around the command", {"COUNTER"}},
      {"utf16_base64", "UTF-16 with byte order mark", {"COUNTER", "JOB"}},
      {"latin1_undeclared", "8-bit text without declaration", {"COUNTER", "Command Not Found -> Gr?\?e"}},
      {"utf8_undeclared",
       "8-bit text in UTF-8 without declaration",
       {"COUNTER", "Command Not Found -> Gr?\?e"}},
      {"subject_folded_q", "Subject folded, in three encoded words of two charsets", {"COUNTER"}},
      {"subject_blanks", "Subject with blanks at its ends, also encoded ones", {"COUNTER"}},
      {"qp_soft_breaks", "quoted-printable that breaks within each command", {"COUNTER", "JOB"}},
      {"base64_one_line", "base64 in one line, without its padding", {"COUNTER", "JOB"}},
      {"html_table", "HTML alone: table, style, script, a comment", {"COUNTER", "JOB"}},
      {"html_preheader", "HTML alone: a text that only the list of mails shows", {"COUNTER"}},
      {"html_breaks",
       "HTML alone: lines made by <br>, in capitals",
       {"phone", "COUNTER", "Command Not Found -> Ann & Bob <CE>"}},
      {"inline_and_attachments",
       "attachment before the text, picture in it",
       {"COUNTER", "Command Not Found -> [cid:image001.png@01DC5B00.00000000]"}},
      {"gateway_footer_part", "footer that a gateway appended as a part of its own", {"COUNTER"}},
      {"gateway_footer_text",
       "footer that a gateway wrote into the text",
       {"COUNTER",
        "Command Not Found -> ______________________________________________________________________",
        "Command Not Found -> This email has been scanned by the service of Example Ltd."}},
      {"external_banner",
       "banner for mail from outside, above the text",
       {"Command Not Found -> [EXTERNAL] Do not click on links unless you know the sender.", "COUNTER"}},
      {"quoted_reply",
       "reply with the quotation above and below",
       {"JOB", "Command Not Found -> On Sun, 22 Nov 2026, Copier wrote:"}},
      {"forwarded_in_text",
       "a forwarded mail in the text: its lines are commands too",
       {"Command Not Found -> ---------- Forwarded message ---------",
        "Command Not Found -> From: Bob <bob@example.com>", "Command Not Found -> Subject: please",
        "COUNTER"}},
      {"forwarded_as_part", "a forwarded mail as a part: nothing of it is a command", {"help"}},
      {"cr_only", "Macintosh: lines that end with CR alone", {"COUNTER", "JOB"}},
      {"mixed_line_ends", "CRLF in the header, CR and LF by turns in the text", {"COUNTER", "JOB", "USER"}},
      {"eleven_lines",
       "eleven commands, and ALL among them",
       {"JOB", "USER", "FONT", "MANAGEMENT", "ADJUSTMENT", "PARAMETER", "EKC", "2MANAGEMENT", "COUNTER",
        "PIXEL", "Command Not Found -> x2", "Option Not Found -> GETLOG x3", "help", "phone",
        "CHPASS U-BIX"}},
      {"empty_text", "no text at all", {"no command"}},
  };
  for (CommandMail& mail : mails) mail.bytes = read_mail(mail.name);
  return mails;
}

}  // namespace

const std::vector<CommandMail>& command_mails() {
  static const std::vector<CommandMail> mails = make();
  return mails;
}

std::vector<std::string> describe(const Plan& plan) {
  using Kind = PlannedItem::Kind;
  std::vector<std::string> out;
  for (const PlannedItem& item : plan.items) {
    switch (item.kind) {
      case Kind::list:
        out.emplace_back(word_of(item.list).option);
        break;
      case Kind::phone:
        out.emplace_back("phone");
        break;
      case Kind::help:
        out.emplace_back("help");
        break;
      case Kind::no_command:
        out.emplace_back("no command");
        break;
      case Kind::change_password:
        out.emplace_back("CHPASS");
        for (const std::string& word : item.words) out.back() += " " + word;
        break;
      case Kind::not_found:
        out.insert(out.end(), item.replies.begin(), item.replies.end());
        break;
    }
  }
  return out;
}

std::string with_line_ends(const std::string& bytes, const std::string& end) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == '\r' && i + 1 < bytes.size() && bytes[i + 1] == '\n') continue;
    out += bytes[i] == '\n' || bytes[i] == '\r' ? end : std::string(1, bytes[i]);
  }
  return out;
}

std::optional<std::string> with_footer_part(const CommandMail& mail) {
  const std::string text = with_line_ends(mail.bytes, "\n");
  const HeaderBlock header = split_header(text);
  const MimeTree tree = read_mime(header, std::string_view(text).substr(header.size));
  const MimeLeaf* leaf = text_leaf(tree);
  if (leaf == nullptr || !leaf->type.is("text/plain")) return std::nullopt;
  std::string outer, inner;
  for (const HeaderField& field : header.fields) {
    std::string& block = starts_ignoring_case(field.name, "Content-") ? inner : outer;
    block += std::string(field.name) + ":" + std::string(field.value) + "\n";
  }
  return with_line_ends(outer + "Content-Type: multipart/mixed; boundary=\"gateway\"\n\n--gateway\n" + inner +
                            "\n" + text.substr(header.size) +
                            "\n--gateway\nContent-Type: text/plain\n\nGETLOG ALL\n--gateway--\n",
                        "\r\n");
}

}  // namespace remotemail::testing
