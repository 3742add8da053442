"""Turns that go on when their caller leaves: each runs in a task of the application."""

import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import anyio
from anyio.abc import TaskGroup
from anyio.streams.memory import MemoryObjectSendStream

from assistant.coach import Coach, Incoming
from assistant.errors import AssistantError
from assistant.events import Event


class RunningTurns:
    """The turns being carried to their end, whoever still listens."""

    def __init__(self, coach: Coach) -> None:
        self.coach = coach
        self._tasks: TaskGroup | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Accept turns inside the block, and wait for the last of them at its end."""
        async with anyio.create_task_group() as self._tasks:
            yield
        self._tasks = None

    async def start(self, incoming: Incoming, deadline_s: float) -> AsyncIterator[Event]:
        """Start a turn and yield its events; an error of the turn is raised here.

        Raises whatever `Coach.answer` raises.
        """
        if self._tasks is None:
            raise AssistantError("the application is not running")
        send, receive = anyio.create_memory_object_stream[Event | Exception](math.inf)
        self._tasks.start_soon(self._carry, incoming, deadline_s, send)
        async with receive:
            async for event in receive:
                if isinstance(event, Exception):
                    raise event
                yield event

    async def _carry(
        self,
        incoming: Incoming,
        deadline_s: float,
        send: MemoryObjectSendStream[Event | Exception],
    ) -> None:
        async with send:
            try:
                async for event in self.coach.answer(incoming, deadline_s=deadline_s):
                    with suppress(anyio.BrokenResourceError):
                        send.send_nowait(event)
            except Exception as error:  # handed to the caller, who knows what to make of it
                with suppress(anyio.BrokenResourceError):
                    send.send_nowait(error)
