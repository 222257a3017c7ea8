"""Load on a server: wrk where it is installed, else one connection of our own (then only the latencies mean much)."""

from __future__ import annotations

import http.client
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, cycle
from pathlib import Path
from urllib.parse import urlsplit

from tests.conftest import Address

WRK = shutil.which("wrk")
CONNECTIONS = 16
_FRESH = count(1, 10**7)
"""Where the numbers of each round begin, so that no number comes twice."""
_UNIT = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True)
class Load:
    """What one round gave: requests per second, latencies in ms, processor time of the server per request in µs.

    ``others`` is the share of the machine that neither the server nor the client used, but somebody else.
    """

    rate: float
    p50: float
    p99: float
    cpu: float
    others: float

    @classmethod
    def middle(cls, rounds: Sequence[Load]) -> Load:
        """Return the medians of some rounds."""
        return cls(
            *(
                statistics.median(getattr(one, name) for one in rounds)
                for name in ("rate", "p50", "p99", "cpu", "others")
            )
        )


class Client:
    """One connection that stays open."""

    def __init__(self, address: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=120)

    def ask(self, path: str, headers: Mapping[str, str]) -> tuple[http.client.HTTPResponse, bytes]:
        """Return the answer to a GET, its body read."""
        self.connection.request("GET", path, headers=dict(headers))
        response = self.connection.getresponse()
        return response, response.read()

    def get(self, path: str, accept: str) -> bytes:
        """Return a body; anything but a 200 is an error."""
        response, body = self.ask(path, {"Accept": accept})
        assert response.status == 200, (path, response.status)
        return body

    def timed(self, path: str, headers: Mapping[str, str], status: int = 200) -> float:
        """Return the milliseconds that one answer took."""
        started = time.perf_counter()
        response, _ = self.ask(path, headers)
        took = (time.perf_counter() - started) * 1000
        assert response.status == status, (path, response.status)
        return took


def descendants(pid: int) -> Iterator[int]:
    """Yield a process and all that descend from it."""
    yield pid
    children = Path(f"/proc/{pid}/task").glob("*/children")
    for child in [int(word) for path in children for word in path.read_text().split()]:
        yield from descendants(child)


def processor(pid: int) -> float:
    """Return the seconds of processor time that a server has used, with all processes under it."""
    used = 0
    for process in descendants(pid):
        fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
        used += int(fields[11]) + int(fields[12])
    return used / os.sysconf("SC_CLK_TCK")


def _machine() -> float:
    """Return the seconds that all processors together have worked, interrupts included."""
    ticks = [int(word) for word in Path("/proc/stat").read_text().split(maxsplit=8)[1:8]]
    idle, waiting = 3, 4
    return (sum(ticks) - ticks[idle] - ticks[waiting]) / os.sysconf("SC_CLK_TCK")


def _client() -> float:
    """Return the seconds of processor time of the clients that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def load(
    address: Address,
    paths: Sequence[str],
    headers: Mapping[str, str],
    seconds: float,
    folder: Path,
    connections: int = CONNECTIONS,
    fresh: bool = False,
) -> Load:
    """Ask for the paths in turn, as fast as the server answers; every answer must be a 2xx or a 304.

    With ``fresh`` another number stands behind the path of each request, so that no answer can be one that was kept.
    """
    if WRK is None:
        return _alone(address, paths, headers, seconds, fresh)
    command = [WRK, "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--latency"]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    if len(paths) > 1 or fresh:
        script = folder / "rotate.lua"
        script.write_text(_numbered(paths) if fresh else _rotation(paths), encoding="utf-8")
        command += ["-s", str(script)]
    before, all_before, own_before = processor(address.pid), _machine(), _client()
    text = subprocess.run([*command, address + paths[0]], capture_output=True, text=True, check=True).stdout
    used = processor(address.pid) - before
    others = _machine() - all_before - used - (_client() - own_before)
    if "Non-2xx" in text or "Socket errors" in text:
        raise RuntimeError(f"Unexpected answers under load:\n{text}")
    share = max(0.0, others / (max(1, round(seconds)) * (os.cpu_count() or 1)))
    return Load(_rate(text), _latency(text, 50), _latency(text, 99), used * 1e6 / max(1, _count(text)), share)


def percentile(times: Sequence[float], share: int) -> float:
    """Return a percentile of some times (the largest where there are few)."""
    return sorted(times)[min(len(times) - 1, len(times) * share // 100)]


def _rotation(paths: Sequence[str]) -> str:
    listed = ",\n".join(json.dumps(path) for path in paths)
    return f"""local paths = {{\n{listed}\n}}
local requests, last = {{}}, 0
init = function(arguments)
  for number, path in ipairs(paths) do requests[number] = wrk.format("GET", path) end
end
request = function()
  last = last % #requests + 1
  return requests[last]
end
"""


def _numbered(paths: Sequence[str]) -> str:
    listed = ",\n".join(json.dumps(path) for path in paths)
    return f"""local paths = {{\n{listed}\n}}
local number = {next(_FRESH)}
request = function()
  number = number + 1
  return wrk.format("GET", paths[number % #paths + 1] .. number)
end
"""


def _rate(text: str) -> float:
    found = re.search(r"Requests/sec: +([\d.]+)", text)
    assert found, text
    return float(found[1])


def _count(text: str) -> int:
    found = re.search(r"(\d+) requests in", text)
    assert found, text
    return int(found[1])


def _latency(text: str, share: int) -> float:
    found = re.search(rf"^ +{share}% +([\d.]+)(us|ms|s|m)$", text, re.MULTILINE)
    assert found, text
    return float(found[1]) * _UNIT[found[2]]


def _alone(address: Address, paths: Sequence[str], headers: Mapping[str, str], seconds: float, fresh: bool) -> Load:
    before, client, times, until = processor(address.pid), Client(address), [], time.monotonic() + seconds
    for number, path in zip(count(next(_FRESH)), cycle(paths), strict=False):
        started = time.perf_counter()
        response, _ = client.ask(f"{path}{number}" if fresh else path, headers)
        times.append((time.perf_counter() - started) * 1000)
        assert response.status in (200, 304), (path, response.status)
        if time.monotonic() > until:
            break
    used = (processor(address.pid) - before) * 1e6 / len(times)
    return Load(1000 * len(times) / sum(times), percentile(times, 50), percentile(times, 99), used, 0.0)
