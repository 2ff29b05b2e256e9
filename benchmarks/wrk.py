"""Load by wrk (Debian's package `wrk`) from one core, with the server on the other."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from comity.errors import Unavailable

SERVER_CORE, LOAD_CORE = "0", "1"
RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
LATENCY = re.compile(r"\s(50|99)%\s+([\d.]+)(us|ms|s)")
MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1_000.0}


@dataclass(frozen=True)
class Load:
    """What wrk measured: answers a second, latencies in milliseconds, answers that were no 2xx."""

    per_second: float
    p50: float
    p99: float
    failed: int


def wrk(url: str, *, seconds: int = 5, connections: int = 8, script: Path | None = None) -> Load:
    """Send requests for some seconds over some connections and return what was measured."""
    command = ["taskset", "-c", LOAD_CORE, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s"]
    command += ["--latency", "--timeout", "10s"]
    command += ["-s", str(script)] if script else []
    try:
        done = subprocess.run([*command, url], capture_output=True, text=True, check=True)
    except FileNotFoundError as error:
        raise Unavailable("wrk or taskset is missing.", remedy="apt-get install wrk") from error
    found = {rank: float(n) * MILLISECONDS[unit] for rank, n, unit in LATENCY.findall(done.stdout)}
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
    rate = RATE.search(done.stdout)
    return Load(
        per_second=float(rate.group(1)) if rate else 0.0,
        p50=found.get("50", 0.0),
        p99=found.get("99", 0.0),
        failed=int(failed.group(1)) if failed else 0,
    )
