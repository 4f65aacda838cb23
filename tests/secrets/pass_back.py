"""Another server for an account, on every path to the program's settings: its password stays behind [Y3].

The new place knows the accounts with their passwords: a password that reaches it is a log-in that it reports.
"""

import hashlib
import pathlib
import re
import shutil
import sqlite3
import tempfile
import unittest

from desk import Desk, Host

USERS = {"copier": "mailbox-password", "relay": "smtp-password", "ce": "ce", "manager": "manager"}


class PassBack(unittest.TestCase):
    program = mail_host = None

    @classmethod
    def setUpClass(cls):
        cls.directory = pathlib.Path(tempfile.mkdtemp(prefix="remotemail-passback-"))
        cls.addClassCleanup(shutil.rmtree, cls.directory, ignore_errors=True)
        cls.honest = Host(cls.mail_host, cls.directory / "honest", USERS)
        cls.addClassCleanup(cls.honest.stop)
        cls.rogue = Host(cls.mail_host, cls.directory / "rogue", USERS)
        cls.addClassCleanup(cls.rogue.stop)
        cls.desks = 0

    def new_desk(self):
        type(self).desks += 1
        folder = self.directory / f"desk{self.desks}"
        folder.mkdir()
        desk = Desk(self.program, folder)
        self.addCleanup(desk.stop)
        self.assertEqual(desk.run("settings", "import", "-", stdin=self.lines(self.settings()))[0], 0)
        self.assertEqual(desk.run("check")[0], 0)
        return desk

    def settings(self):
        return {
            "transmission.manager_address": "manager@example.test", "transmission.smtp_server": "localhost",
            "transmission.smtp_port": self.honest.ports["smtp"], "transmission.smtp_security": "none",
            "transmission.smtp_user": "relay", "transmission.smtp_password": USERS["relay"],
            "reception.server": "localhost", "reception.spool": "pop3", "reception.port": self.honest.ports["pop3"],
            "reception.security": "none", "reception.user": "copier", "reception.password": USERS["copier"],
            "reception.address": "copier@example.test", "reception.ce_password": "U-BIX",
        }

    @staticmethod
    def lines(settings):
        return "".join(f"{key}={value}\n" for key, value in settings.items()).encode()

    def turned(self):
        """Where the settings lead after the change that the paths below make."""
        return {"reception.port": self.rogue.ports["pop3"], "transmission.smtp_port": self.rogue.ports["smtp"]}

    def log_ins(self, kind="login "):
        """An attempt without a password is refused and tells nothing."""
        return [line for line in self.rogue.said() if re.match(r"(pop3|imap|smtp) " + kind, line)
                and (kind != "login " or not line.split(" ", 2)[2].startswith("refused"))]

    def talk(self, desk, once="once"):
        """Everything that a copier says to servers."""
        desk.run("settings", "set", "reception.enabled=yes", "--yes")
        for words in ([once], ["test", "send"], ["check"]):
            desk.run(*words)

    def expect_nothing_told(self, desk, **how):
        before = self.log_ins()
        self.talk(desk, **how)
        self.assertEqual(self.log_ins(), before)
        for key in ("reception.password", "transmission.smtp_password"):
            self.assertEqual(desk.run("settings", "get", key), (0, b"not set\n"))

    def test_set(self):
        """`settings set` without and beside the service, through its control socket [Y3]"""
        for beside in (False, True):
            with self.subTest(beside=beside):
                desk = self.new_desk()
                if beside:
                    desk.start()
                words = [f"{key}={value}" for key, value in self.turned().items()]
                status, said = desk.run("settings", "set", *words)
                self.assertEqual(status, 0)
                self.assertIn(b"reception.password was removed", said)
                self.assertIn(b"transmission.smtp_password was removed", said)
                self.expect_nothing_told(desk, once="poll" if beside else "once")

    def test_import(self):
        """an import that names new servers, and one that imports what was exported [Y3]"""
        for beside in (False, True):
            with self.subTest(beside=beside):
                desk = self.new_desk()
                if beside:
                    desk.start()
                exported = desk.run("settings", "export")[1].decode()
                for password in USERS.values():
                    self.assertNotIn(f"={password}\n", exported)
                changed = exported
                for key, value in self.turned().items():
                    changed = "\n".join(f"{key}={value}" if line.startswith(key + "=") else line
                                        for line in changed.split("\n"))
                self.assertNotEqual(changed, exported)
                self.assertEqual(desk.run("settings", "import", "-", stdin=changed.encode())[0], 0)
                self.expect_nothing_told(desk, once="poll" if beside else "once")

    def test_there_and_back(self):
        """settings that go to the new place and back have no password any more [Y3]"""
        desk = self.new_desk()
        for settings in (self.turned(), {key: self.settings()[key] for key in self.turned()}, self.turned()):
            self.assertEqual(desk.run("settings", "import", "-", stdin=self.lines(settings))[0], 0)
        self.expect_nothing_told(desk)

    def test_given_with_the_change(self):
        """in one apply the old password goes first, then the one given with it counts: the trap is one [Y3]"""
        desk = self.new_desk()
        given = {**self.turned(), "reception.password": "another", "transmission.smtp_password": "another"}
        self.assertEqual(desk.run("settings", "import", "-", stdin=self.lines(given))[0], 0)
        before = self.log_ins()
        self.talk(desk)
        self.assertEqual(self.log_ins(), before)
        self.assertTrue(self.log_ins("login refused"))
        given.update({"reception.password": USERS["copier"], "transmission.smtp_password": USERS["relay"]})
        self.assertEqual(desk.run("settings", "import", "-", stdin=self.lines(given))[0], 0)
        self.talk(desk)
        taken = self.log_ins()[len(before):]
        self.assertTrue([line for line in taken if line.startswith("pop3")], taken)
        self.assertTrue([line for line in taken if line.startswith("smtp")], taken)

    def test_question_before_enabling(self):
        """the look into the mailbox before one enables, with settings in thought, tells the new place nothing [Y3, A22]"""
        desk = self.new_desk()
        before = self.log_ins()
        words = [f"{key}={value}" for key, value in self.turned().items()]
        self.assertNotEqual(desk.run("settings", "set", *words, "reception.enabled=yes")[0], 0)
        self.assertEqual(self.log_ins(), before)
        self.assertEqual(desk.run("settings", "get", "reception.password"), (0, b"set\n"))

    def test_configuration(self):
        """the INI file names no server, at start and at SIGHUP, so it cannot move one [Y3]"""
        desk = self.new_desk()
        desk.start()
        moved = f"[reception]\nport={self.rogue.ports['pop3']}\nserver=localhost\n"
        before = self.log_ins()
        desk.reload(moved, b"stays as it was")
        desk.run("settings", "set", "reception.enabled=yes", "--yes")
        desk.run("poll")
        self.assertEqual(self.log_ins(), before)
        desk.end()
        self.assertNotEqual(desk.run("run")[0], 0)  # with such a file it does not even start

    def test_restored_backup(self):
        """a backup brings its own servers: present passwords do not go to them, nor its own to others [Y3]"""
        # One made where the servers are the rogue's, without its key: its passwords cannot be unsealed here.
        stranger = self.new_desk()
        moved = {**self.turned(), "reception.password": "x", "transmission.smtp_password": "x"}
        self.assertEqual(stranger.run("settings", "import", "-", stdin=self.lines(moved))[0], 0)
        backup = stranger.directory / "backup"
        self.assertEqual(stranger.run("backup", backup)[0], 0)
        desk = self.new_desk()
        self.assertEqual(desk.run("restore", backup, "--yes")[0], 0)
        self.expect_nothing_told(desk)

    def test_forged_backup(self):
        """a backup whose rows were changed with a tool does not open its passwords for the new place [Y3]"""
        for with_key in (False, True):
            for moves_binding in (False, True):
                with self.subTest(with_key=with_key, moves_binding=moves_binding):
                    desk = self.new_desk()
                    backup = desk.directory / "backup"
                    self.assertEqual(desk.run("backup", *(["--with-key"] if with_key else []), backup)[0], 0)
                    self.forge(backup, moves_binding)
                    self.assertEqual(desk.run("restore", backup, "--yes")[0], 0)
                    self.expect_nothing_told(desk)

    def forge(self, backup, moves_binding):
        """As whoever has the file and the source can: values, and the check sum that each row has of itself."""
        def checksum(*values):
            data = b""
            for value in values:
                kind, octets = {int: 1, str: 3, bytes: 4}[type(value)], value
                if isinstance(value, int):
                    octets = str(value)
                if isinstance(octets, str):
                    octets = octets.encode()
                data += b"%d" % kind + len(octets).to_bytes(8, "big") + octets
            return int.from_bytes(hashlib.sha256(data).digest()[:8], "big") >> 1

        database = sqlite3.connect(backup)
        rows = database.execute("SELECT copier,key,form,text,bound_to,generation,sum FROM setting").fetchall()
        self.assertEqual(checksum(*rows[0][:6]), rows[0][6], "the rows' check sum is made in another way")
        database.create_function("checksum", -1, checksum, deterministic=True)
        ports = {"reception.password": "reception.port", "transmission.smtp_password": "transmission.smtp_port"}
        for copier, key, form, text, bound_to, generation, _ in rows:
            if key in self.turned():
                text = str(self.turned()[key]).encode()
            elif key in ports and moves_binding:
                bound_to = bound_to.replace(f"port={self.settings()[ports[key]]}", f"port={self.turned()[ports[key]]}")
            else:
                continue
            values = (copier, key, form, text, bound_to, generation)
            database.execute("REPLACE INTO setting VALUES(?,?,?,?,?,?,?)", (*values, checksum(*values)))
        database.commit()
        database.close()
