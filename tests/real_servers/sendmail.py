"""sendmail.py SOCKET [-i] [-f SENDER] [--] RECIPIENT...: what Dovecot's scripts send goes back to Dovecot by LMTP."""

import smtplib
import sys


def main():
    socket, *words = sys.argv[1:]
    sender, recipients = "", []
    while words:
        word = words.pop(0)
        if word == "-f":
            sender = words.pop(0).strip("<>")
        elif not word.startswith("-"):
            recipients.append(word)
    with smtplib.LMTP(socket) as client:
        client.sendmail(sender, recipients, sys.stdin.buffer.read())


main()
