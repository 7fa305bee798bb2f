"""The worker, a process of its own, sends the letters that wait, whether an index is to be written or not."""

import os
import subprocess
import sys
import time
from pathlib import Path

from archive.catalogue.sign_in import Letter
from archive.database import reading, writing
from archive.identity.registration import send_letter
from archive.settings import ROOT, settings
from tests.mail_room import mail_room


def test_a_worker_sends_what_waits_and_keeps_the_links_of_the_portal(home: Path) -> None:
    with writing() as session:
        send_letter(session, "register", "hoa@vidu.vn", "vi")
    with mail_room() as room:
        environment = {
            **os.environ, "PYTHONPATH": str(ROOT), "VANKHO_SMTP_URL": f"smtp://127.0.0.1:{room.port}",
            "VANKHO_MAIL_FROM": "luutru@tinh.vn", "VANKHO_PUBLIC_URL": "http://127.0.0.1:8077",
        }  # fmt: skip
        process = subprocess.Popen([sys.executable, "-m", "vankho", "worker"], env=environment, stdout=subprocess.PIPE)
        try:
            while not room.letters:
                assert process.poll() is None
                time.sleep(0.1)
            while True:
                with reading() as session:
                    letter = session.get_one(Letter, 1)
                if letter.state == "sent":
                    break
                assert process.poll() is None
                time.sleep(0.1)
        finally:
            process.terminate()
            process.communicate(timeout=240)
    link = room.letters[0].get_content().split("/dang-ky/")[1].split()[0]
    key = (settings().home / "secret").read_text("ascii")
    from archive.identity.links import read_registration

    with reading() as session:
        assert read_registration(session, key, link) == "hoa@vidu.vn", "the portal, which has the same key, opens it"
