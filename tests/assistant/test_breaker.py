"""A model that keeps failing is left alone, and tried again now and then."""

import time

import openai_server
import pytest
from openai import AsyncOpenAI

from assistant import model as model_module
from assistant.breaker import FAILURES, PROBE_S, WINDOW_S, Breaker
from assistant.errors import ModelUnavailable
from assistant.model import OpenAIModel

DOWN = (503, {}, {"error": {"message": "down"}})


class Clock:
    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def opened(clock: Clock) -> Breaker:
    breaker = Breaker(clock)
    assert [breaker.failed() for _ in range(FAILURES)] == [False] * (FAILURES - 1) + [True]
    return breaker


def test_it_opens_after_so_many_failures_in_a_row() -> None:
    breaker = Breaker(Clock())
    for _ in range(10):
        for _ in range(FAILURES - 1):
            assert not breaker.failed()
        assert not breaker.succeeded()
    assert breaker.take() == 0.0


def test_failures_far_apart_do_not_open_it() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    for _ in range(20):
        clock.now_s += WINDOW_S / (FAILURES - 1) + 0.1
        assert not breaker.failed()


def test_open_it_lets_one_try_through_each_probe_and_says_how_long_the_wait_is() -> None:
    clock = Clock()
    breaker = opened(clock)
    tries = 0
    for _ in range(240):
        clock.now_s += 0.25
        wait_s = breaker.take()
        assert 0.0 <= wait_s <= PROBE_S
        if wait_s == 0.0:
            tries += 1
            breaker.failed()
    assert tries == 60 / PROBE_S


def test_a_try_that_succeeds_closes_it() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now_s += PROBE_S
    assert breaker.take() == 0.0
    assert breaker.succeeded()
    assert [breaker.take() for _ in range(3)] == [0.0] * 3
    assert not breaker.failed()


@pytest.mark.anyio
async def test_a_model_that_is_down_is_asked_no_more_and_the_answer_is_quick(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(model_module, "WAIT_FLOOR_S", 0.001)
    monkeypatch.setattr(model_module, "WAIT_CEILING_S", 0.002)
    endpoint = openai_server.Endpoint(DOWN)
    clock = Clock()
    took_s = []
    with openai_server.serve(endpoint) as url:
        client = AsyncOpenAI(api_key="k", base_url=url, max_retries=0)
        model = OpenAIModel(client, "m")
        model.breakers["m"] = Breaker(clock)

        async def ask() -> float:
            asked = model.stream([], tools=(), deadline=time.monotonic() + 5)
            with pytest.raises(ModelUnavailable) as raised:
                [event async for event in asked]
            return raised.value.retry_after_s

        for _ in range(40):
            started = time.monotonic()
            wait_s = await ask()
            took_s.append(time.monotonic() - started)
        assert len(endpoint.requests) == FAILURES
        assert wait_s == PROBE_S
        assert sorted(took_s)[38] < 0.2
        clock.now_s += PROBE_S
        await ask()
        assert len(endpoint.requests) == FAILURES + 1
        endpoint.script = ["hello"]
        clock.now_s += PROBE_S
        events = [e async for e in model.stream([], tools=(), deadline=time.monotonic() + 5)]
        assert events
        await client.close()


@pytest.mark.anyio
async def test_an_endpoint_that_is_busy_or_refuses_is_not_taken_for_gone() -> None:
    endpoint = openai_server.Endpoint((401, {}, {"error": {"message": "no", "code": None}}))
    with openai_server.serve(endpoint) as url:
        client = AsyncOpenAI(api_key="k", base_url=url, max_retries=0)
        model = OpenAIModel(client, "m")
        for _ in range(FAILURES + 2):
            with pytest.raises(ModelUnavailable, match="check its key"):
                [e async for e in model.stream([], tools=(), deadline=time.monotonic() + 5)]
        assert len(endpoint.requests) == FAILURES + 2
        assert not model.breakers["m"].is_open
        await client.close()
