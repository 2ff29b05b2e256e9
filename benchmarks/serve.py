"""How fast the server is, beside Isso with the same data and a bare answer of the same bytes.

make bench        (needs wrk and two cores: the server on one, the load on the other)
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from rich.console import Console
from rich.table import Table

from benchmarks import discussion, scripts, seed
from benchmarks.discussion import WORDS, articles
from benchmarks.peers import pinned, start_ceiling, start_isso
from benchmarks.seed import PASSWORD, READERS, fill
from benchmarks.wrk import LOAD_CORE, SERVER_CORE, Load, wrk
from comity import models

OURS, BARE, ISSO = 8801, 8802, 8803
STORIES_PATH = "/api/v1/sites/main/stories"
UNLIMITED = {
    f"COMITY_{name}": "1000000000"
    for name in ("REQUESTS_PER_MINUTE", "POSTS_PER_MINUTE", "SIGN_INS_PER_MINUTE")
}
SAID = articles()[1]
Row = tuple[str, str, str]


def main() -> None:
    """Measure everything in one run and print it as a table."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as name:
        folder = Path(name)
        try:
            with serving(folder) as (pid, seconds):
                rows.append(("first answer after start", f"{seconds:.2f} s", "≤ 1 s"))
                rows.append(("idle memory (PSS)", f"{memory(pid):.0f} MB", "≤ 150 MB"))
                ours = measure_ours(folder, pid, rows)
            for workers, encoder in ((1, True), (2, False), (2, True)):
                with serving(folder, workers=workers, encoder=encoder) as (pid, _):
                    rows += measure_variant(folder, pid, workers=workers, encoder=encoder)
        finally:
            show(rows)
        others: list[Row] = []
        measure_others(folder, ours, others)
    show(others)


@contextmanager
def serving(
    folder: Path, *, workers: int = 1, encoder: bool = False
) -> Iterator[tuple[int, float]]:
    """Run our server on fresh data; yield its process and the seconds until its first answer.

    One worker has a core to itself; several share all cores with what sends the load.
    """
    for old in folder.glob("comity.db*"):
        old.unlink()
    shutil.copy(filled(), folder / "comity.db")
    env = {
        **os.environ,
        **UNLIMITED,
        "COMITY_DATABASE_URL": f"sqlite:///{folder}/comity.db",
        "COMITY_PORT": str(OURS),
        "COMITY_LOG_LEVEL": "warning",
        "COMITY_WORKERS": str(workers),
        "COMITY_ENCODER": str(encoder).lower(),
    }
    command = [str(Path(sys.executable).with_name("comity")), "serve"]
    cores = SERVER_CORE if workers == 1 else f"{SERVER_CORE},{LOAD_CORE}"
    server, seconds = started(lambda: pinned(command, env, cores), OURS, "/healthz")
    try:
        yield server.pid, seconds
    finally:
        stop(server)


def filled() -> Path:
    """Return a database with the benchmark's data, made at the first run."""
    made_by = (discussion.__file__, models.__file__, seed.__file__)
    version = sha256(b"".join(Path(name or "").read_bytes() for name in made_by)).hexdigest()
    path = Path("build") / f"bench-{version[:12]}.db"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        being_made = path.with_suffix(".new")
        being_made.unlink(missing_ok=True)
        fill(f"sqlite:///{being_made}")
        being_made.rename(path)
    return path


def measure_ours(folder: Path, pid: int, rows: list[Row]) -> Load:
    """Measure our reads and posts; return the load of the hot read."""
    base, path = f"http://127.0.0.1:{OURS}", f"{STORIES_PATH}/s%04d/comments"
    tokens = [sign_in(base, f"reader{n}") for n in range(READERS)]
    mixed = wrk(base, pid, script=scripts.mixed(folder, path, tokens, SAID), seconds=10)
    rows.append(line("GET rotating over 1,000 stories, cold, 1 POST in 100", mixed, "≥ 500/s"))
    rotating = wrk(base, pid, script=scripts.rotating(folder, path))
    rows.append(line("GET rotating over 1,000 stories, warm", rotating, ""))
    hot = wrk(f"{base}{STORIES_PATH}/s0001/comments", pid)
    rows.append(line("GET 50 comments, hot", hot, "≥ 6,900/s"))
    big = wrk(f"{base}{STORIES_PATH}/big/comments", pid)
    rows.append(
        line(f"GET first page of 1,000 ({big.per_cpu_second / hot.per_cpu_second:.2f} ×)", big, "")
    )
    script = scripts.posting(folder, path, tokens, SAID, run="first")
    wrk(base, pid, script=script, seconds=8)  # Each story is read once, with its first comment.
    script = scripts.posting(folder, path, tokens, SAID, run="post")
    posts = wrk(base, pid, script=script, seconds=20)
    rows.append(line("POST, judged, committed, synced", posts, "≥ 250/s, p99 ≤ 100 ms"))
    body = fetch(f"{base}{STORIES_PATH}/s0001/comments")
    (folder / "thread.json").write_bytes(body)
    rows.append(("bytes of a 50-comment answer", f"{len(body):,}", ""))
    return hot


def measure_variant(folder: Path, pid: int, *, workers: int, encoder: bool) -> list[Row]:
    """Measure hot reads and posts of a server with more workers, or with the language model."""
    base, path = f"http://127.0.0.1:{OURS}", f"{STORIES_PATH}/s%04d/comments"
    with_what = f"{workers} worker(s), language model {'on' if encoder else 'off'}"
    tokens = [sign_in(base, f"reader{n}") for n in range(READERS)]
    script = scripts.posting(folder, path, tokens, SAID, run="post")
    wrk(base, pid, script=script, seconds=8)  # Model and stories are read with the first comments.
    script = scripts.posting(folder, path, tokens, SAID, run="variant")
    posts = wrk(base, pid, script=script, seconds=20)
    rows = [line(f"POST, {with_what}", posts, "≥ 100/s a core" if encoder else "")]
    if workers > 1 and not encoder:
        hot = wrk(f"{base}{STORIES_PATH}/s0001/comments", pid, connections=64)
        rows.append(line(f"GET 50 comments, hot, {workers} workers", hot, ""))
    return rows


def measure_others(folder: Path, ours: Load, rows: list[Row]) -> None:
    """Measure the bare answer and Isso, as ratios to our hot read."""
    body = (folder / "thread.json").read_bytes()
    server, _ = started(lambda: start_ceiling(folder, body, BARE), BARE, "/")
    try:
        bare = wrk(f"http://127.0.0.1:{BARE}/", server.pid)
    finally:
        stop(server)
    rows.append(line(f"bare ASGI answer, same bytes ({ratio(bare, ours)})", bare, ""))
    server, _ = started(lambda: start_isso(folder, ISSO), ISSO, "/?uri=/s0001")
    try:
        isso = wrk(f"http://127.0.0.1:{ISSO}/?uri=/s0001&nested_limit=5", server.pid)
        created = folder / "isso.lua"
        created.write_text(ISSO_POST.format(text=" ".join(WORDS[:60])))
        new = f"http://127.0.0.1:{ISSO}/new?uri=/s0002"
        posts = wrk(new, server.pid, script=created, seconds=10)
    finally:
        stop(server)
    rows.append(line(f"Isso: GET 50 comments ({ratio(isso, ours)})", isso, ""))
    rows.append(line("Isso: POST, nothing judged", posts, ""))


ISSO_POST = """wrk.method = "POST"
wrk.body = '{{"author":"Ana","text":"{text}"}}'
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Origin"] = "http://127.0.0.1:8803"
"""


def started(
    start: Callable[[], subprocess.Popen[bytes]], port: int, path: str
) -> tuple[subprocess.Popen[bytes], float]:
    """Start a server; return it and the seconds until its first answer."""
    begun = time.monotonic()
    server = start()
    while time.monotonic() - begun < 60:
        try:
            fetch(f"http://127.0.0.1:{port}{path}")
        except OSError:
            time.sleep(0.01)
        else:
            return server, time.monotonic() - begun
    stop(server)
    raise SystemExit(f"The server on port {port} did not answer within a minute.")


def stop(server: subprocess.Popen[bytes]) -> None:
    """End a server."""
    server.terminate()
    server.wait(timeout=30)


def fetch(url: str) -> bytes:
    """Return the body of an answer."""
    with urlopen(url, timeout=10) as answer:
        body: bytes = answer.read()
        return body


def sign_in(base: str, login: str) -> str:
    """Return a reader's token."""
    request = Request(
        f"{base}/api/v1/sessions",
        data=json.dumps({"login": login, "password": PASSWORD}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urlopen(request, timeout=10) as answer:
        found: dict[str, Any] = json.load(answer)
    return str(found["token"])


def memory(pid: int) -> float:
    """Return a process's proportional set size in megabytes."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return next(int(line.split()[1]) for line in rollup.splitlines() if line[:4] == "Pss:") / 1024


def line(name: str, load: Load, target: str) -> Row:
    """Return a row of the table."""
    failed = f", {load.failed} failed" if load.failed else ""
    measured = (
        f"{load.per_second:,.0f}/s ({load.per_cpu_second:,.0f} a CPU second), "
        f"p50 {load.p50:.2f} ms, p99 {load.p99:.2f} ms{failed}"
    )
    return (
        name,
        measured,
        target,
    )


def ratio(other: Load, ours: Load) -> str:
    """Return how many times as fast we are, by processor time."""
    return f"Comity is {ours.per_cpu_second / max(other.per_cpu_second, 0.01):.2f} × as fast"


def show(rows: list[Row]) -> None:
    """Print the table."""
    table = Table("what", "measured", "to reach", title="comity, server and load on a core each")
    for row in rows:
        table.add_row(*row)
    Console(width=160).print(table)


if __name__ == "__main__":
    main()
