"""Load by wrk (Debian's package `wrk`) from one core, with the server on the other."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from comity.errors import Unavailable

SERVER_CORE, LOAD_CORE = "0", "1"
RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
ANSWERS = re.compile(r"(\d+) requests in")
LATENCY = re.compile(r"\s(50|99)%\s+([\d.]+)(us|ms|s)")
MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1_000.0}


@dataclass(frozen=True)
class Load:
    """What wrk measured: answers a second, latencies in milliseconds, answers that were no 2xx.

    `per_cpu_second` counts answers by the processor time that the server used for them: what it
    would reach with a core to itself, whatever else the machine is doing.
    """

    per_second: float
    per_cpu_second: float
    p50: float
    p99: float
    failed: int


def wrk(
    url: str, server: int, *, seconds: int = 5, connections: int = 8, script: Path | None = None
) -> Load:
    """Send requests for some seconds to the process `server` and return what was measured."""
    command = ["taskset", "-c", LOAD_CORE, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s"]
    command += ["--latency", "--timeout", "10s"]
    command += ["-s", str(script)] if script else []
    used = processor_seconds(server)
    try:
        done = subprocess.run([*command, url], capture_output=True, text=True, check=True)
    except FileNotFoundError as error:
        raise Unavailable("wrk or taskset is missing.", remedy="apt-get install wrk") from error
    found = {rank: float(n) * MILLISECONDS[unit] for rank, n, unit in LATENCY.findall(done.stdout)}
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
    used = processor_seconds(server) - used
    rate, answers = RATE.search(done.stdout), ANSWERS.search(done.stdout)
    return Load(
        per_second=float(rate.group(1)) if rate else 0.0,
        per_cpu_second=int(answers.group(1)) / max(used, 0.01) if answers else 0.0,
        p50=found.get("50", 0.0),
        p99=found.get("99", 0.0),
        failed=int(failed.group(1)) if failed else 0,
    )


def processor_seconds(pid: int) -> float:
    """Return the processor time that a process and its workers have used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    workers = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own + sum(processor_seconds(int(worker)) for worker in workers)
