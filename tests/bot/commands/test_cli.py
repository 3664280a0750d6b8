"""`./tingsu`: help everywhere, and bad input gives one line and exit code 2."""
from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from bot.settings import ROOT

COMMANDS = [["up"], ["serve"], ["train"], ["chat"], ["test"], ["check"], ["bench"], ["report"], ["kb", "import"], ["kb", "export"], ["kb", "eval"], ["tickets", "export"]]


def tingsu(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "bot.cli", *words], cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help(command):
    done = tingsu(*command, "--help")
    assert done.returncode == 0 and "Usage" in done.stdout


@pytest.mark.parametrize("words, environment, part", [
    (["fly"], {}, "fly"), (["serve", "--port", "99999"], {}, "65535"), (["serve", "--workers", "2"], {"TINGSU_REDIS_URL": ""}, "TINGSU_REDIS_URL"),
    (["kb", "import", "nothing.jsonl"], {}, "nothing.jsonl"), (["bench", "nlu"], {}, "labelled file"), (["tickets", "export", "--format", "xml"], {}, "xml"),
    (["report"], {"TINGSU_NOW": "yesterday"}, "TINGSU_NOW"), (["report"], {"TINGSU_DATABASE_URL": "mysql://x"}, "TINGSU_DATABASE_URL"), (["check"], {"TINGSU_POLICY_DIR": "/nowhere"}, "/nowhere")])
def test_bad_input_is_one_clear_line_and_two(tmp_path, words, environment, part):
    done = tingsu(*words, **{"TINGSU_VAR_DIR": str(tmp_path), **environment})
    assert done.returncode == 2 and part in done.stderr and "Traceback" not in done.stderr


def test_a_taken_port_is_named_with_the_flag_that_helps(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = tingsu("serve", "--port", port, TINGSU_VAR_DIR=str(tmp_path))
    assert done.returncode == 2 and port in done.stderr and "--port" in done.stderr and "Traceback" not in done.stderr
