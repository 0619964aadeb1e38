"""Telling one process from another and tying a child's life to its parent's; it must not know what they run.

Linux only in its guarantees: elsewhere a process is known by its number alone and a child may outlive its parent.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PR_SET_PDEATHSIG: Final = 1
ROOT: Final = Path(__file__).resolve().parents[3]  # where `graph` lies: the checkout, or site-packages


@dataclass(frozen=True, slots=True)
class Identity:
    """A process number with its birth in clock ticks: numbers are reused, this pair is not."""

    pid: int
    born: int

    @classmethod
    def of(cls, pid: int) -> Identity:
        stat = _stat(pid)
        return cls(pid, int(stat[19]) if stat else 0)

    def alive(self) -> bool:
        if sys.platform != "linux":
            return _signalable(self.pid)
        stat = _stat(self.pid)
        return stat is not None and stat[0] not in "ZX" and int(stat[19]) == self.born


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/<pid>/stat after the command name: state first, start time as number 19."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None


def _signalable(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def die_with_parent(niceness: int = 0) -> Callable[[], None]:
    """A `preexec_fn`: the kernel kills the child when the *thread* that forked it ends, so fork from the main one.

    Built before the fork: between fork and exec nothing may be imported or loaded.
    """
    parent = os.getpid()
    prctl = ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None

    def bind() -> None:
        if niceness:
            os.nice(niceness)
        if prctl is not None:
            prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            if os.getppid() != parent:  # the parent ended between fork and prctl
                os._exit(1)

    return bind
