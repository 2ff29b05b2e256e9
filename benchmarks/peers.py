"""What is measured beside Comity: Isso with the same data, a bare ASGI answer of the same bytes."""

import sqlite3
import subprocess
import sys
from pathlib import Path

from benchmarks.discussion import stories
from benchmarks.wrk import SERVER_CORE

ISSO = """[general]
dbpath = {folder}/isso.db
host = http://127.0.0.1:{port}/
[server]
listen = http://127.0.0.1:{port}/
[guard]
enabled = false
[moderation]
enabled = false
"""
CEILING = """
BODY = open({path!r}, "rb").read()
HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())]
async def app(scope, receive, send):
    if scope["type"] == "http":
        await send({{"type": "http.response.start", "status": 200, "headers": HEADERS}})
        await send({{"type": "http.response.body", "body": BODY}})
"""


def start_isso(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """Start Isso on a database that holds the benchmark's data."""
    config = folder / "isso.cfg"
    config.write_text(ISSO.format(folder=folder, port=port))
    fill_isso(folder / "isso.db", config)
    isso = Path(sys.executable).with_name("isso")
    return pinned([str(isso), "-c", str(config), "run"])


def fill_isso(path: Path, config: Path) -> None:
    """Have Isso make its tables, and put 51,000 comments into them."""
    from isso.config import default_config_file, load  # noqa: PLC0415  Only `make bench` has it.
    from isso.db import SQLite3  # noqa: PLC0415
    from isso.utils import Bloomfilter  # noqa: PLC0415

    SQLite3(str(path), load(default_config_file, str(config)))
    voters = bytes(Bloomfilter(iterable=["127.0.0.0"]).array)
    with sqlite3.connect(path) as database:
        first = 1
        for tid, (key, entries) in enumerate(stories(), start=1):
            database.execute("INSERT INTO threads VALUES (?, ?, ?)", (tid, f"/{key}", key))
            database.executemany(
                "INSERT INTO comments (tid, id, parent, created, mode, remote_addr, text, author,"
                " voters) VALUES (?, ?, ?, ?, 1, '127.0.0.0', ?, 'Ana', ?)",
                [
                    (
                        tid,
                        first + entry.number,
                        None if entry.parent is None else first + entry.parent,
                        1_700_000_000.0 + entry.number,
                        entry.text,
                        voters,
                    )
                    for entry in entries
                ],
            )
            first += len(entries)


def start_ceiling(folder: Path, body: bytes, port: int) -> subprocess.Popen[bytes]:
    """Start a bare ASGI application on the same server that answers these bytes."""
    (folder / "body.json").write_bytes(body)
    (folder / "ceiling.py").write_text(CEILING.format(path=str(folder / "body.json")))
    uvicorn = [sys.executable, "-m", "uvicorn", "--app-dir", str(folder), "ceiling:app"]
    return pinned([*uvicorn, "--port", str(port), "--log-level", "warning", "--no-access-log"])


def pinned(
    command: list[str], env: dict[str, str] | None = None, cores: str = SERVER_CORE
) -> subprocess.Popen[bytes]:
    """Start a server, on the core that load does not use unless told otherwise."""
    return subprocess.Popen(
        ["taskset", "-c", cores, *command],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
