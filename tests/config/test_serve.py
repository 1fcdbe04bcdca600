"""Serving: ports, and processes that are kept running and taken along."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from selaras.config.db import show_roles
from selaras.config.serve import PortTaken, free_port, hold_port
from selaras.config.supervisor import Child, Supervisor
from selaras.config.web import ACCESS

ROOT = Path(__file__).parents[2]
FOREVER = "import time; time.sleep(600)"


def wait_for(condition, seconds=20):
    give_up = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < give_up, "waited in vain"
        time.sleep(0.02)
    return found


def alive(pid: int) -> bool:
    """Living, and not merely unburied."""
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.fixture
def taken():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


def test_a_port_in_use_is_one_clear_sentence(taken):
    with pytest.raises(PortTaken) as caught:
        free_port("localhost", taken)
    assert caught.value.message == (
        f"Port {taken} on localhost cannot be used (Address already in use):"
        " stop the other program or choose one with --port."
    )


def test_the_demo_takes_the_next_free_port(taken):
    found = free_port("127.0.0.1", taken, search=True)
    assert taken < found < taken + 20
    assert free_port("127.0.0.1", found) == found


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's abstract names")
def test_two_portals_that_start_at_once_never_take_one_port(taken):
    """The first has looked and does not listen yet: what the second sees is a free port."""
    port, holder = hold_port("localhost", free_port("127.0.0.1", taken, search=True))
    with pytest.raises(PortTaken, match=f"Another portal takes port {port}"):
        hold_port("localhost", port)
    assert free_port("localhost", port) == port, "it looks free"
    other, second = hold_port("localhost", port, search=True)
    assert other > port
    code = f"from selaras.config.serve import hold_port; print(hold_port('localhost', {port}))"
    child = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert f"Another portal takes port {port}" in child.stderr, "another process, too"
    holder.close()
    second.close()
    again, third = hold_port("localhost", port)
    assert again == port
    third.close()


def test_an_unknown_host_is_one_clear_sentence():
    with pytest.raises(PortTaken, match=r"^There is no address called nowhere\.invalid on this machine\.$"):
        free_port("nowhere.invalid", 8000)


class Running:
    """A supervisor in a process of its own, told what to run, with the pids its children wrote."""

    def __init__(self, folder: Path, *programs: str, patience: float = 5, vital: float | None = None) -> None:
        self.folder = folder
        script = folder / "supervise.py"
        script.write_text(
            "import logging, sys\n"
            "from selaras.config.supervisor import Child, Supervisor\n"
            "logging.basicConfig(level='INFO', format='%(message)s')\n"
            f"children = [Child(f'child {{n}}', [sys.executable, '-c', p], vital={vital})"
            f" for n, p in enumerate({programs!r})]\n"
            f"sys.exit(Supervisor(children, patience={patience}).run())\n"
        )
        self.process = subprocess.Popen(
            [sys.executable, script],
            cwd=folder,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )

    def pids(self, name: str = "pid") -> list[int]:
        path = self.folder / name
        return [int(line) for line in path.read_text().split()] if path.exists() else []


@pytest.fixture
def supervise(tmp_path):
    started = []

    def start(*programs, **options):
        started.append(Running(tmp_path, *programs, **options))
        return started[-1]

    yield start
    for running in started:
        running.process.terminate()
        running.process.wait(20)
        for pid in running.pids() + running.pids("grandchild"):
            wait_for(lambda pid=pid: not alive(pid))


WRITES_PID = "import os; open('pid', 'a').write(f'{os.getpid()}\\n')\n"


def test_a_killed_child_starts_again_and_a_signal_ends_everything_in_order(supervise):
    running = supervise(WRITES_PID + FOREVER)
    first = wait_for(running.pids)[0]
    os.kill(first, signal.SIGKILL)
    second = wait_for(lambda: running.pids()[1:])[0]
    assert not alive(first)
    assert alive(second)
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(10) == 0
    assert not alive(second)


def test_hang_up_restarts_the_children(supervise):
    running = supervise(WRITES_PID + FOREVER)
    first = wait_for(running.pids)[0]
    running.process.send_signal(signal.SIGHUP)
    second = wait_for(lambda: running.pids()[1:])[0]
    assert not alive(first)
    assert alive(second)


def test_a_child_that_does_not_listen_is_killed(supervise):
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    running = supervise(deaf + WRITES_PID + FOREVER, patience=0.5)
    pid = wait_for(running.pids)[0]
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(10) == 0
    assert not alive(pid)


def test_kill_9_of_the_supervisor_leaves_no_orphan(supervise):
    running = supervise(WRITES_PID + FOREVER)
    pid = wait_for(running.pids)[0]
    running.process.kill()
    wait_for(lambda: not alive(pid))


def test_what_a_dead_child_started_dies_too(supervise):
    """A web server's own processes would keep the port, and the next one could not listen."""
    parent = "import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    parent += "open('grandchild', 'a').write(f'{p.pid}\\n')\n"
    running = supervise(parent + WRITES_PID + FOREVER)
    pid = wait_for(running.pids)[0]
    grandchild = running.pids("grandchild")[0]
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not alive(grandchild))


def test_a_vital_child_that_cannot_start_ends_it_with_a_reason(supervise):
    running = supervise("raise SystemExit(7)", vital=3.0)
    _, said = running.process.communicate(timeout=30)
    assert running.process.returncode == 1
    assert said.splitlines()[-1] == "child 0 cannot start: see the lines above"
    assert "ended with code 7" in said


def test_a_child_that_keeps_dying_is_started_ever_more_slowly():
    child = Child("dies", [sys.executable, "-c", ""])
    supervisor = Supervisor([child])
    waits = []
    for _ in range(8):
        child.due = 0.0
        supervisor._keep(child)
        child.process.wait()
        supervisor._keep(child)
        waits.append(round(child.due - time.monotonic(), 1))
    assert waits[:4] == pytest.approx([0.5, 1, 2, 4], abs=0.3)
    assert waits[-1] == pytest.approx(30, abs=0.3)


def test_a_database_that_moved_restarts_the_children_with_its_new_address(tmp_path):
    addresses = iter(["one", "one", "two", "two"] + ["two"] * 100)
    program = "import os, time; open(os.environ['OUT'], 'a').write(os.environ.get('WHERE', '-') + ' '); time.sleep(600)"
    out = tmp_path / "out"
    child = Child("asks", [sys.executable, "-c", program])

    def every():
        return {"WHERE": next(addresses), "OUT": str(out)}

    os.environ["OUT"] = str(out)
    supervisor = Supervisor([child], every=every, period=0.5)
    ender = threading.Thread(
        target=lambda: (
            wait_for(lambda: out.exists() and "two" in out.read_text()),
            os.kill(os.getpid(), signal.SIGTERM),
        )
    )
    ender.start()
    try:
        assert supervisor.run() == 0
    finally:
        del os.environ["OUT"]
        ender.join()
    assert out.read_text().split() == ["-", "two"]


APP = """
def application(environ, start_response):
    if environ["PATH_INFO"] == "/boom":
        raise ValueError("3212014505900001 is there already")
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"well"]
"""


def test_access_lines_are_json_without_query_or_address(tmp_path, taken):
    """granian as the portal runs it, in front of a small application of this test."""
    port = free_port("127.0.0.1", taken, search=True)
    (tmp_path / "small.py").write_text(APP)
    (tmp_path / "go.py").write_text(
        "from selaras.config import web\n"
        "if __name__ == '__main__':\n"
        f"    web.run('127.0.0.1', {port}, 1, 2, True, 'small:application')\n"
    )
    server = subprocess.Popen(
        [sys.executable, "go.py"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{tmp_path}"},
    )

    def answer():
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{port}/people?nik=3212014505900001", timeout=2).read()
        except OSError:
            return None

    try:
        assert wait_for(answer) == b"well"
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/boom", timeout=5)
    finally:
        server.send_signal(signal.SIGTERM)
        said = server.communicate(timeout=30)[1]
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    access = [line["message"] for line in lines if line["logger"] == "granian.access"]
    assert access
    assert access.pop().startswith("GET /boom status=500 ms=")
    assert all(line.startswith("GET /people status=200 ms=") for line in access)
    assert "Application callable raised an exception (ValueError)" in [line["message"] for line in lines]
    assert "3212014505900001" not in said
    assert "127.0.0.1" not in " ".join(access)
    assert "addr" not in ACCESS


def test_the_roles_for_a_server_of_ones_own_hold_no_password_and_no_power_to_bypass():
    said = CliRunner().invoke(show_roles).output
    assert "PASSWORD :'selaras_app_password'" in said
    assert said.count("NOBYPASSRLS") == 3
    assert "NOCREATEDB" in said
    assert " CREATEDB" not in said
    assert "selaras_root" not in said
