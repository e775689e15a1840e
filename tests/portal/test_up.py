"""`portal up`: one command starts everything, one signal stops all of it."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.journeys.conftest import answers, free_port, wait_for


def started(environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as file:
        return subprocess.Popen(
            [sys.executable, "-m", "portal", "up"],
            env=environment,
            stdout=file,
            stderr=subprocess.STDOUT,
        )


def test_everything_starts_stops_and_starts_again_without_building(tmp_path: Path) -> None:
    ports = {
        name: free_port() for name in ("API__PORT", "API__HANDOVER_PORT", "GATEWAY__REGISTER_PORT")
    }
    environment = os.environ | {f"PORTAL_{name}": str(port) for name, port in ports.items()}
    environment |= {"PORTAL_DATA": str(tmp_path / "var"), "PORTAL_SITE": str(tmp_path / "site")}
    urls = [f"http://127.0.0.1:{ports['API__PORT']}/{path}" for path in ("ar/", "en/", "v1/keys")]
    urls.append(f"http://127.0.0.1:{ports['GATEWAY__REGISTER_PORT']}/")
    keys = tmp_path / "var" / "public" / "keys.note"

    for turn, word in enumerate(("site built", " 0 of them anew")):
        log = tmp_path / f"up{turn}.log"
        running = started(environment, log)
        wait_for(lambda log=log: "Press Ctrl-C" in log.read_text(), log.read_text(), seconds=120)  # type: ignore[misc]
        said, made = log.read_text(), keys.read_text()

        assert all(answers(url) for url in urls)
        assert word in said
        assert re.search(r"password: \S{12,}", said)

        running.send_signal(signal.SIGINT)
        time.sleep(0.05)
        running.send_signal(signal.SIGTERM)  # An impatient second signal must not leave anything.
        assert running.wait(30) == 0
        assert not any(answers(url) for url in urls)
        assert keys.read_text() == made
