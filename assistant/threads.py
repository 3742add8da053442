"""Running the synchronous store beside the event loop, a bounded number of calls at a time."""

from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

import anyio.to_thread
from anyio import CapacityLimiter
from anyio.lowlevel import RunVar

P = ParamSpec("P")
T = TypeVar("T")

STORE_THREADS = 8
"""As many as the store's connections that are kept open and a few more: SQLite has one writer."""

_limiter: RunVar[CapacityLimiter] = RunVar("store threads")


async def in_thread(function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Run a storage or tool function in a thread of the store's."""
    try:
        limiter = _limiter.get()
    except LookupError:
        limiter = CapacityLimiter(STORE_THREADS)
        _limiter.set(limiter)
    return await anyio.to_thread.run_sync(partial(function, *arguments, **named), limiter=limiter)
