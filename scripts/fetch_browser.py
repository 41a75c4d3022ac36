"""Fetches Chromium from Debian before the tests start, so that no test's time counts a download."""

import sys

from backend.supervise import debian

sys.stderr.write(f"  {debian.chromium().way}\n")
sys.stderr.write(f"  {debian.headless_chromium().way}\n")
sys.stderr.write(f"  {debian.mosquitto().way}\n")
