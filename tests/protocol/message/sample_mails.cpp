#include "protocol/message/sample_mails.hpp"

#include "core/text.hpp"

namespace remotemail::testing {
namespace {

const std::string kDate = "Date: Sun, 22 Nov 2026 18:52:00 +0100\n";
const std::string kPlainUtf8 = "Content-Type: text/plain; charset=\"UTF-8\"\n";

std::vector<SampleMail> make() {
  std::vector<SampleMail> mails;
  mails.push_back(
      {"Outlook for Windows",
       "Received: from EUR05.outbound.protection.example (2a01::1) by mx.example.com\n"
       " (version=TLS1_2); Sun, 22 Nov 2026 17:52:03 +0000\n"
       "ARC-Seal: i=1; a=rsa-sha256; s=arcselector10001; d=example.com; cv=none;\n b=AbCd/+=\n"
       "From: \"Miller, Ann\" <ce@example.com>\nTo: Copier <copier@example.com>\nSubject: PassWord\n"
       "Thread-Topic: PassWord\nThread-Index: AQHbPQ==\n" +
           kDate +
           "Message-ID: <AM9PR05MB1234.eurprd05.prod.outlook.example>\nAccept-Language: de-DE, "
           "en-US\nContent-Language: de-DE\n"
           "X-MS-Has-Attach: yes\nContent-Type: "
           "multipart/related;\n\tboundary=\"_004_AM9PR05_\";\n\ttype=\"multipart/alternative\"\n"
           "MIME-Version: 1.0\n\n--_004_AM9PR05_\nContent-Type: "
           "multipart/alternative;\n\tboundary=\"_000_AM9PR05_\"\n\n"
           "--_000_AM9PR05_\nContent-Type: text/plain; charset=\"iso-8859-1\"\nContent-Transfer-Encoding: "
           "quoted-printable\n\n"
           "GETLOG COUNTER\n\nGETLOG JOB\n\n--=20\nAnn M=FCller\n\n[cid:image001.png@01DB]\n\n"
           "--_000_AM9PR05_\nContent-Type: text/html; charset=\"iso-8859-1\"\nContent-Transfer-Encoding: "
           "quoted-printable\n\n"
           "<html><body><p class=3D\"MsoNormal\">GETLOG "
           "COUNTER<o:p></o:p></p></body></html>\n\n--_000_AM9PR05_--\n\n"
           "--_004_AM9PR05_\nContent-Type: image/png; name=\"image001.png\"\nContent-Disposition: inline; "
           "filename=\"image001.png\"\n"
           "Content-ID: <image001.png@01DB>\nContent-Transfer-Encoding: "
           "base64\n\niVBORw0KGgo=\n\n--_004_AM9PR05_--\n",
       "PassWord",
       "Miller, Ann",
       {"GETLOG COUNTER", "GETLOG JOB"}});

  mails.push_back(
      {"Gmail in a browser",
       "MIME-Version: 1.0\n" + kDate +
           "Message-ID: <CAFx_y-z=+1@mail.gmail.example>\nSubject: PassWord\n"
           "From: =?UTF-8?Q?J=C3=B6rg_M=C3=BCller?= <ce@example.com>\nTo: copier@example.com\n"
           "Content-Type: multipart/alternative; boundary=\"000000000000a1b2c3\"\n\n--000000000000a1b2c3\n" +
           kPlainUtf8 +
           "\nGETLOG COUNTER\nGETLOG JOB\n\n--000000000000a1b2c3\nContent-Type: text/html; "
           "charset=\"UTF-8\"\n\n"
           "<div dir=\"ltr\">GETLOG COUNTER<div>GETLOG JOB</div></div>\n\n--000000000000a1b2c3--\n",
       "PassWord",
       "J\xC3\xB6rg M\xC3\xBCller",
       {"GETLOG COUNTER", "GETLOG JOB"}});

  mails.push_back(
      {"Apple Mail",
       "From: Ann Miller <ce@example.com>\nContent-Type: "
       "multipart/alternative;\n\tboundary=\"Apple-Mail=_5A0B-11\"\n"
       "Mime-Version: 1.0 (Mac OS X Mail 16.0 \\(3826.200.121\\))\nSubject: PassWord\n"
       "Message-Id: <5A0B1E2C-0000-4000-8000-1234567890AB@example.com>\n" +
           kDate +
           "To: copier@example.com\n"
           "X-Mailer: Apple Mail (2.3826.200.121)\n\n\n--Apple-Mail=_5A0B-11\nContent-Transfer-Encoding: "
           "quoted-printable\n"
           "Content-Type: text/plain;\n\tcharset=us-ascii\n\nGETLOG COUNTER\nGETLOG "
           "=\nJOB\n\n--Apple-Mail=_5A0B-11\n"
           "Content-Transfer-Encoding: 7bit\nContent-Type: "
           "text/html;\n\tcharset=us-ascii\n\n<html><head></head>"
           "<body>GETLOG COUNTER</body></html>\n--Apple-Mail=_5A0B-11--\n",
       "PassWord",
       "Ann Miller",
       {"GETLOG COUNTER", "GETLOG JOB"}});

  mails.push_back({"iPhone",
                   "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\nFrom: Ann "
                   "<ce@example.com>\n"
                   "Mime-Version: 1.0 (1.0)\n" +
                       kDate +
                       "Subject: PassWord\nMessage-Id: <0A1B@example.com>\nTo: copier@example.com\n"
                       "X-Mailer: iPhone Mail (22B91)\n\n" +
                       encode_base64("Getlog counter\r\nGetlog\xC2\xA0job\r\n\r\nSent from my iPhone") + "\n",
                   "PassWord",
                   "Ann",
                   {"Getlog counter", "Getlog\xC2\xA0job", "Sent from my iPhone"}});

  mails.push_back(
      {"Android, Samsung",
       kDate +
           "Subject: PassWord\nMessage-ID: <x1y2.1700000000000@email.android.example>\nImportance: normal\n"
           "From: \"ce@example.com\" <ce@example.com>\nTo: copier@example.com\nMIME-Version: 1.0\n"
           "Content-Type: multipart/alternative; boundary=\"--_com.samsung.android.email_123\"\n\n"
           "----_com.samsung.android.email_123\nContent-Type: text/plain; "
           "charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
           "R2V0bG9nIGNvdW50ZXIKR2V0bG9nIGpvYgo=\n\n----_com.samsung.android.email_123\n"
           "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\nPGh0bWw+\n\n"
           "----_com.samsung.android.email_123--\n",
       "PassWord",
       "ce@example.com",
       {"Getlog counter", "Getlog job"}});

  mails.push_back(
      {"Thunderbird",
       "Message-ID: <0f0e0d0c-0b0a-4000-8000-000000000001@example.com>\n" + kDate +
           "MIME-Version: 1.0\n"
           "User-Agent: Mozilla Thunderbird\nContent-Language: en-US\nTo: copier@example.com\n"
           "From: =?UTF-8?B?SsO2cmc=?= <ce@example.com>\nSubject: PassWord\nAutocrypt: addr=ce@example.com; "
           "keydata=\n xsFNBF\n xsFNBG\n"
           "Content-Type: text/plain; charset=UTF-8; format=flowed\nContent-Transfer-Encoding: 7bit\n\n"
           "GETLOG COUNTER\nGETLOG JOB and a long line that the program \nbreaks\n  GETLOG USER\n-- \nJ\n",
       "PassWord",
       "J\xC3\xB6rg",
       {"GETLOG COUNTER", "GETLOG JOB and a long line that the program breaks", " GETLOG USER", "-- ", "J"}});

  mails.push_back(
      {"Thunderbird, HTML",
       kDate +
           "Content-Type: multipart/alternative;\n boundary=\"------------0abcDEF\"\nFrom: ce@example.com\n"
           "Subject: PassWord\nMIME-Version: 1.0\n\nThis is a multi-part message in MIME "
           "format.\n--------------0abcDEF\n"
           "Content-Type: text/plain; charset=UTF-8; format=flowed\nContent-Transfer-Encoding: "
           "8bit\n\nGETLOG COUNTER\n\n"
           "--------------0abcDEF\nContent-Type: text/html; charset=UTF-8\n\n<p>GETLOG "
           "COUNTER</p>\n\n--------------0abcDEF--\n",
       "PassWord",
       "",
       {"GETLOG COUNTER"}});

  mails.push_back(
      {"Japanese telephone",
       kDate + "From: =?ISO-2022-JP?B?GyRCO1BFRBsoQg==?= <ce@example.com>\nSubject: "
               "=?ISO-2022-JP?B?UGFzc1dvcmQ=?=\n"
               "To: copier@example.com\nMIME-Version: 1.0\nContent-Type: text/plain; charset=ISO-2022-JP\n"
               "Content-Transfer-Encoding: 7bit\n\nGETLOG\n\x1B$B%+%&%s%?\x1B(B\nGETLOG J\n",
       "PassWord",
       "\xE5\xA7\x89\xE7\x94\xB0",
       {"GETLOG", "\xE3\x82\xAB\xE3\x82\xA6\xE3\x83\xB3\xE3\x82\xBF", "GETLOG J"}});

  mails.push_back(
      {"Japanese telephone, Shift_JIS and odd address",
       kDate + "From: ce@example.com\nSubject: PassWord\nContent-Type: text/plain; charset=Shift_JIS\n"
               "Content-Transfer-Encoding: 8bit\n\nGETLOG C\n\x83J\x83"
               "E\n",
       "PassWord",
       "",
       {"GETLOG C", "\xE3\x82\xAB\xE3\x82\xA6"}});

  mails.push_back({"MMS gateway",
                   kDate +
                       "From: ce@example.com\nSubject: PassWord\nMIME-Version: 1.0\n"
                       "Content-Type: multipart/mixed; boundary=\"----=_Part_1_2.3\"\n\n------=_Part_1_2.3\n"
                       "Content-Type: text/plain; charset=utf-8; name=text_0.txt\nContent-Disposition: "
                       "inline; filename=text_0.txt\n"
                       "Content-Location: text_0.txt\n\nGETLOG\n------=_Part_1_2.3--\n",
                   "PassWord",
                   "",
                   {"GETLOG"}});

  mails.push_back({"HTML only",
                   kDate + "From: Ann <ce@example.com>\nSubject: PassWord\nMIME-Version: 1.0\nContent-Type: "
                           "text/html; charset=utf-8\n"
                           "Content-Transfer-Encoding: quoted-printable\n\n<!DOCTYPE "
                           "html><html><head><style>p {margin: 0}</style>\n"
                           "<title>no</title></head><body><div>GETLOG&nbsp;COUNTER</div><div>GETLOG "
                           "JOB<br>HELP</div>=\n</body></html>\n",
                   "PassWord",
                   "Ann",
                   {"GETLOG\xC2\xA0"
                    "COUNTER",
                    "GETLOG JOB", "HELP"}});

  mails.push_back(
      {"HTML only, windows-1252 in mixed",
       kDate +
           "From: Ann <ce@example.com>\nSubject: PassWord\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
           "Content-Type: text/html; charset=windows-1252\n\n<p>\x93HELP\x94</p>\n--b\nContent-Type: "
           "text/plain; name=a.txt\n"
           "Content-Disposition: attachment; filename*=UTF-8''%E2%82%AC.txt\n\nGETLOG\n--b--\n",
       "PassWord",
       "Ann",
       {"\xE2\x80\x9CHELP\xE2\x80\x9D"}});

  mails.push_back({"S/MIME signed",
                   kDate + "From: Ann <ce@example.com>\nSubject: PassWord\nMIME-Version: 1.0\n"
                           "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; "
                           "micalg=sha-256; boundary=\"----S\"\n\n"
                           "This is an S/MIME signed message\n\n------S\nContent-Type: text/plain; "
                           "charset=utf-8\n\nGETLOG COUNTER\n\n------S\n"
                           "Content-Type: application/pkcs7-signature; "
                           "name=\"smime.p7s\"\nContent-Transfer-Encoding: base64\n"
                           "Content-Disposition: attachment; filename=\"smime.p7s\"\n\nMIIG\n\n------S--\n",
                   "PassWord",
                   "Ann",
                   {"GETLOG COUNTER"}});

  mails.push_back(
      {"forwarded as attachment",
       kDate +
           "From: Ann <ce@example.com>\nSubject: PassWord\nContent-Type: multipart/mixed; boundary=\"f\"\n\n"
           "--f\nContent-Type: message/rfc822\nContent-Disposition: attachment\n\nFrom: x@y\nSubject: "
           "z\n\nGETLOG JOB\n"
           "--f\n\nHELP\n--f--\n",
       "PassWord",
       "Ann",
       {"HELP"}});

  mails.push_back(
      {"mail command of a Unix host",
       "From ce@example.com Sun Nov 22 18:52:00 2026\nReceived: by host.example (Postfix, from userid "
       "1000)\n\tid 4F; Sun, 22 Nov 2026\n"
       "To: copier@example.com\nSubject: PassWord\nMessage-Id: <20261122175200.4F@host.example>\n" +
           kDate + "From: ce@example.com (Ann the CE)\n\nGETLOG COUNTER\nHELP\n",
       "PassWord",
       "Ann the CE",
       {"GETLOG COUNTER", "HELP"}});

  mails.push_back(
      {"list of fields long and folded",
       kDate + "From: Ann <ce@example.com>\nDKIM-Signature: v=1; a=rsa-sha256;\n h=from:to;\n b=" +
           std::string(9000, 'A') +
           "\nSubject:\n =?UTF-8?Q?Pass?=\n =?UTF-8?Q?Word?=\nReferences: <a@b>\n <c@d>\n\nHELP\n",
       "PassWord",
       "Ann",
       {"HELP"}});

  mails.push_back(
      {"UTF-16 in base64",
       kDate +
           "From: Ann <ce@example.com>\nSubject: PassWord\nContent-Type: text/plain; charset=utf-16le\n"
           "Content-Transfer-Encoding: base64\n\n" +
           encode_base64(std::string("H\0E\0L\0P\0", 8)) + "\n",
       "PassWord",
       "Ann",
       {"HELP"}});

  mails.push_back(
      {"no closing boundary",
       kDate +
           "From: Ann <ce@example.com>\nSubject: PassWord\nContent-Type: multipart/mixed; boundary=x\n\n--x\n"
           "Content-Type: multipart/alternative; boundary=y\n\n--y\n\nGETLOG\nHELP\n",
       "PassWord",
       "Ann",
       {"GETLOG", "HELP"}});

  mails.push_back({"boundary that never comes",
                   kDate + "From: Ann <ce@example.com>\nSubject: PassWord\nContent-Type: multipart/mixed; "
                           "boundary=x\n\nHELP\n",
                   "PassWord",
                   "Ann",
                   {"HELP"}});

  mails.push_back(
      {"damaged quoted-printable and unknown charset",
       kDate +
           "From: Ann <ce@example.com>\nSubject: PassWord\nContent-Type: text/plain; charset=x-user-defined\n"
           "Content-Transfer-Encoding: Quoted-Printable\n\nHELP =ZZ\nGETLOG=\n",
       "PassWord",
       "Ann",
       {"HELP =ZZ", "GETLOG"}});
  return mails;
}

}  // namespace

const std::vector<SampleMail>& sample_mails() {
  static const std::vector<SampleMail> mails = make();
  return mails;
}

}  // namespace remotemail::testing
