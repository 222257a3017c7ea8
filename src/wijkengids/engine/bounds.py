"""What a worker may take: no new file or socket, so much memory, so much processor time for each query."""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import os
import resource
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from wijkengids.engine.federation.confine import confine

_NOTHING = 3
"""The limit on descriptors under which none is free: 0, 1 and 2 are in use."""
_CONNECTIONS = 4
"""Connections to the guard that one query may have open at once."""


_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Ask the kernel to kill this process, whatever it is doing, when the one that started it is gone (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def lock_down(memory: int, guard: int) -> None:
    """From here on: no new file or socket, no core dump, and ``memory`` bytes on top of what is in use.

    With a ``guard`` the hard limit leaves room for connections, which a query gets only while it may have them.
    """
    try:
        in_use = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:  # no /proc, as on macOS
        in_use = 2**32
    if guard:
        confine(guard)  # first, since it takes a descriptor for a moment
    # 0, 1 and 2 are in use, so no number below the limit is free; files that are open stay open
    resource.setrlimit(resource.RLIMIT_NOFILE, (_NOTHING, _first_free(_CONNECTIONS) if guard else _NOTHING))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _soft_limit(resource.RLIMIT_AS, in_use + memory)


def budget(cpu: int) -> None:
    """Give this query ``cpu`` seconds of processor time: the limit counts the life of the process, so it is raised."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _soft_limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + cpu + 1)


@contextlib.contextmanager
def connections(allowed: bool) -> Iterator[None]:
    """Let what runs within open as many connections as there is room for, if it is ``allowed`` any."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    try:
        yield
    finally:
        if allowed:
            resource.setrlimit(resource.RLIMIT_NOFILE, (_NOTHING, hard))


def _first_free(count: int) -> int:
    """Return the limit below which ``count`` numbers of descriptors are free."""
    free = (number for number in itertools.count(_NOTHING) if not _is_open(number))
    return next(itertools.islice(free, count - 1, None)) + 1


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _soft_limit(kind: int, value: int) -> None:
    hard = resource.getrlimit(kind)[1]
    resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))
