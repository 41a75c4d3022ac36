"""What a dying gateway says in its log: where and what kind, and nothing that anybody measured."""

import subprocess
import sys

SCRIPT = """
import threading, time
import psycopg
from device_gateway import main

def work():
    raise psycopg.DataError("value 9990000018 for Zebedee")

main.threading.excepthook = main.die
main.logging.basicConfig()
threading.Thread(target=work, name="readings").start()
time.sleep(30)
"""


def test_a_thread_that_fails_ends_the_process_and_names_no_value() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=300, check=False
    )
    assert ended.returncode == 70
    assert "readings failed: DataError at " in ended.stderr
    assert "work" in ended.stderr
    for private in ("999000", "Zebedee", "value"):
        assert private not in ended.stderr
