"""`make demo` as a person starts and ends it: one to a folder, on free ports, leaving nothing behind."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.demo import answers
from tests import stack
from tests.faults.setup_runs import Copy, copy_in, new_copy


@pytest.fixture(scope="module")
def copy() -> Iterator[Copy]:
    """One copy for all tests here, started and ended many times; only the first start loads the demo."""
    with new_copy() as made:
        yield made


def ports() -> dict[str, str]:
    return {"PUBLIC_PORT": str(stack.free_port()), "STAFF_PORT": str(stack.free_port())}


def healthy(port: int) -> bool:
    return answers(port, "/readyz")


def demo(copy: Copy, **where: str) -> tuple[subprocess.Popen[str], str]:
    """`make demo`, and the line that it prints when it is ready."""
    process = copy.start("make", "demo", **where)
    return process, said_when_ready(process)


def said_when_ready(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    line = process.stdout.readline()
    if not line.startswith("ready"):
        process.terminate()
        pytest.fail(f"{line!r}\n{process.communicate(timeout=60)[1]}")
    return line


def test_two_copies_start_together_and_one_ends_at_ctrl_c_without_a_trace(copy: Copy) -> None:
    where, there = ports(), ports()
    with copy_in(copy.var.with_name(copy.var.name + "-b")) as other:
        beside = other.start("make", "demo", **there)
        process, line = demo(copy, **where)
        said_when_ready(beside)
        assert f"http://127.0.0.1:{where['PUBLIC_PORT']}/" in line
        assert f"http://localhost:{where['STAFF_PORT']}/" in line

        second = copy.run("demo", **ports())
        assert second.returncode == 2
        assert second.stderr.count("\n") == 1
        assert f"http://127.0.0.1:{where['PUBLIC_PORT']}" in second.stderr

        with copy_in(copy.var.with_name(copy.var.name + "-c")) as third:
            taken = third.run("demo", **where)
            assert taken.returncode == 2
            assert taken.stderr.count("\n") == 1
            assert f"Port {where['PUBLIC_PORT']}" in taken.stderr
            assert not (third.var / "pg").exists()

        assert all(healthy(int(port)) for port in (*where.values(), *there.values())), (
            "refusing disturbs nobody"
        )
        os.killpg(process.pid, signal.SIGINT)  # what a terminal does at Ctrl-C
        rest, said = process.communicate(timeout=60)
        assert rest == "", "one line and no other is printed"
        assert "Traceback" not in said
        copy.assert_nothing_left()
        assert all(healthy(int(port)) for port in there.values())
        assert beside.poll() is None
    for port in where.values():
        with socket.socket() as free:
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            free.bind(("127.0.0.1", int(port)))

    again, _ = demo(copy, **where)
    again.terminate()  # SIGTERM to make alone
    again.communicate(timeout=60)
    copy.assert_nothing_left()


@pytest.mark.parametrize("name", ["public", "worker"])
def test_when_one_process_dies_the_others_end_and_it_is_named(copy: Copy, name: str) -> None:
    process, _ = demo(copy, **ports())
    os.kill(serving(copy, name), signal.SIGKILL)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 2
    assert name in next(line for line in said.splitlines() if " ended (code " in line)
    assert "Traceback" not in said
    copy.assert_nothing_left()


def test_when_the_supervisor_itself_is_killed_everything_ends(copy: Copy) -> None:
    process, _ = demo(copy, **ports())
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    copy.assert_nothing_left(40)


def serving(copy: Copy, site: str) -> int:
    """The process that the supervisor started for one site: the oldest with that name in its environment."""
    found = []
    for pid in copy.processes():
        words = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        if f"MAPSITE_SITE={site}".encode() in words:
            found.append(pid)
    return min(found)


@pytest.mark.parametrize(
    ("where", "named"),
    [
        ({"PUBLIC_PORT": "eight"}, "PUBLIC_PORT"),
        ({"STAFF_PORT": "70000"}, "STAFF_PORT"),
        ({"STAFF_PORT": "0"}, "STAFF_PORT"),
        ({"PUBLIC_PORT": "-1"}, "PUBLIC_PORT"),
        ({"PUBLIC_PORT": "8123", "STAFF_PORT": "8123"}, "8123"),
    ],
)
def test_a_port_that_is_none_is_one_sentence(tmp_path: Path, where: dict[str, str], named: str) -> None:
    refused = Copy(tmp_path / "var").run("demo", **where)
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert named in refused.stderr
    assert not (tmp_path / "var").exists()
