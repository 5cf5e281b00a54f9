"""Finds the browser that tests hold our output against."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def chromium() -> str:
    """Return a browser's path; fails, saying how to get one, where there is none."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    assert found, "no Chromium on the PATH: install one (apt-get install chromium) or set CHROMIUM"
    return found
