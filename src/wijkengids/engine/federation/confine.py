"""What Linux lets a process give up for good: opening files, and connections to any port but one (Landlock).

A second wall behind the limit on descriptors, where the kernel has it: files from Linux 5.13, ports from 6.7. Python
has no call for it, so the system calls are made by number; the numbers are the same on all architectures.
Source: https://docs.kernel.org/userspace-api/landlock.html
"""

from __future__ import annotations

import ctypes
import os
import sys

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446
_ASK_VERSION = 1
_NET_PORT = 2
_BIND, _CONNECT = 1, 2
_ALL_FILES = (1 << 13) - 1
"""Every access to files that version 1 knows: execute, write, read, list, remove and make, of each kind."""
_PORTS_SINCE = 4
_NO_NEW_PRIVILEGES = 38


class _Ruleset(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64), ("net", ctypes.c_uint64)]


class _Port(ctypes.Structure):
    _fields_ = [("access", ctypes.c_uint64), ("port", ctypes.c_uint64)]


def version() -> int:
    """Return which Landlock the kernel has; 0 for none."""
    if not sys.platform.startswith("linux"):
        return 0
    return max(0, _call(_CREATE, None, 0, _ASK_VERSION))


def confine(port: int) -> bool:
    """Let the calling thread open no file from here on, and connect by TCP to ``port`` only.

    Return False, with nothing given up, where the kernel cannot; OSError where it can and yet does not. What is open
    stays open.
    """
    if version() < _PORTS_SINCE:
        return False
    rules = _Ruleset(_ALL_FILES, _BIND | _CONNECT)
    ruleset = _call(_CREATE, ctypes.byref(rules), ctypes.sizeof(rules), 0)
    allowed = _Port(_CONNECT, port)
    added = _call(_ADD_RULE, ruleset, _NET_PORT, ctypes.byref(allowed), 0)
    ctypes.CDLL(None).prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    if ruleset < 0 or added or _call(_RESTRICT, ruleset, 0):
        raise OSError("Landlock is there, and does not confine this process")
    os.close(ruleset)
    return True


def _call(number: int, *arguments: object) -> int:
    libc = ctypes.CDLL(None)
    libc.syscall.restype = ctypes.c_long
    numbers = (ctypes.c_long(value) if isinstance(value, int) else value for value in arguments)
    return int(libc.syscall(ctypes.c_long(number), *numbers))
