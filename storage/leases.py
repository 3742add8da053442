"""Who works on a turn: a mark of host, process and piece of work, and whether it still lives."""

import datetime as dt
import functools
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

THIS_PROCESS = secrets.token_hex(4)
_at_work = {THIS_PROCESS}


@contextmanager
def at_work() -> Iterator[str]:
    """Yield a mark for the leases of one piece of work; at the end of the block they are free.

    They are so in this process even where the store could not be told, or took a lease and the
    answer was lost.
    """
    mark = secrets.token_hex(4)
    _at_work.add(mark)
    try:
        yield mark
    finally:
        _at_work.discard(mark)


def lease_owner(mark: str = THIS_PROCESS) -> str:
    """Return who holds a lease: host, process, and a mark of this start of it or of its work."""
    return f"{_host()}/{os.getpid()}/{mark}"


def is_held(owner: str | None, until: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether a living worker holds the lease.

    A lease that ran out is free; so is one of a process of this host that is no longer there, so
    that a restart after a crash goes on at once instead of waiting the lease out; and one of this
    process for work that it no longer does.
    """
    if owner is None or until is None or until <= now:
        return False
    return not _is_gone(owner)


def _is_gone(owner: str) -> bool:
    host, pid, mark = owner.rsplit("/", 2)
    if host != _host():
        return False
    if int(pid) == os.getpid():
        return mark not in _at_work
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


@functools.cache
def _host() -> str:
    """Name where process numbers are this worker's own: the host, since its start, or a container.

    Two containers may share a host's name and count their processes apart.
    """
    parts = [socket.gethostname().replace("/", "-")]
    with suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        space = Path("/proc/self/ns/pid").stat().st_ino
        parts += [boot[:8], str(space)]
    return "-".join(parts)
