"""Turns that go on when their caller leaves: each runs in a task of the application."""

import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import anyio
from anyio.abc import TaskGroup
from anyio.streams.memory import MemoryObjectSendStream

from assistant.coach import Coach, Incoming
from assistant.errors import AssistantError
from assistant.events import Event, Finished, Waiting
from assistant.telemetry import observed_turn

BEAT_S = 15.0


class RunningTurns:
    """The turns being carried to their end, whoever still listens.

    drain_s: how long those that still run may go on once no more are taken. One that is cut off
    then lets its lease go, so that any worker can take it over at once. beat_s: after how long
    without anything new a stream hears that.
    """

    def __init__(self, coach: Coach, drain_s: float, beat_s: float = BEAT_S) -> None:
        self.coach = coach
        self.drain_s = drain_s
        self.beat_s = beat_s
        self._tasks: TaskGroup | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Accept turns inside the block, and let the last of them drain at its end."""
        async with anyio.create_task_group() as tasks:
            self._tasks = tasks
            yield
            self._tasks = None
            tasks.cancel_scope.deadline = anyio.current_time() + self.drain_s

    async def start(
        self, incoming: Incoming, deadline_s: float, *, streaming: bool
    ) -> AsyncIterator[Event]:
        """Start a turn and yield its events; an error of the turn is raised here.

        Raises whatever `Coach.answer` raises.
        """
        if self._tasks is None:
            raise AssistantError("the application is not running")
        send, receive = anyio.create_memory_object_stream[Event | Exception](math.inf)
        self._tasks.start_soon(self._carry, incoming, deadline_s, streaming, send)
        beat_s = self.beat_s if streaming else math.inf
        async with receive:
            while True:
                event: Event | Exception = Waiting()
                with anyio.move_on_after(beat_s):
                    try:
                        event = await receive.receive()
                    except anyio.EndOfStream:
                        return
                if isinstance(event, Exception):
                    raise event
                yield event

    async def _carry(
        self,
        incoming: Incoming,
        deadline_s: float,
        streaming: bool,
        send: MemoryObjectSendStream[Event | Exception],
    ) -> None:
        async with send:
            try:
                with observed_turn() as seen:
                    async for event in self.coach.answer(
                        incoming, deadline_s=deadline_s, streaming=streaming
                    ):
                        if isinstance(event, Finished) and event.replayed:
                            seen.outcome = "replayed"
                        with suppress(anyio.BrokenResourceError):
                            send.send_nowait(event)
            except Exception as error:  # handed to the caller, who knows what to make of it
                with suppress(anyio.BrokenResourceError):
                    send.send_nowait(error)
