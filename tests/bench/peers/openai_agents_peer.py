"""The same with the OpenAI Agents SDK over Chat Completions; tracing is off, as it phones home."""

import json
from collections.abc import AsyncIterator
from typing import Any

from agents import (
    Agent,
    FunctionTool,
    OpenAIChatCompletionsModel,
    Runner,
    set_tracing_disabled,
)
from agents.result import RunResultBase
from common import GIVEN, MODEL_URL, Ask, Reply, connect
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from openai import AsyncOpenAI
from openai.types.responses import ResponseTextDeltaEvent

set_tracing_disabled(True)
store = connect()
app = FastAPI()


async def run_tool(_context: Any, _arguments: str) -> str:
    body: str = store.execute("SELECT body FROM plan WHERE user_id = 'demo'").fetchone()[0]
    return body


agent = Agent(
    name="coach",
    instructions=GIVEN["system"],
    model=OpenAIChatCompletionsModel(
        model="m", openai_client=AsyncOpenAI(api_key="x", base_url=MODEL_URL)
    ),
    tools=[
        FunctionTool(
            name=tool["function"]["name"],
            description=tool["function"]["description"],
            params_json_schema=tool["function"]["parameters"],
            on_invoke_tool=run_tool,
            strict_json_schema=False,
        )
        for tool in GIVEN["tools"]
    ],
)


def load(ask: Ask) -> list[Any]:
    rows = store.execute(
        "SELECT extra FROM message WHERE conversation_id = ? ORDER BY id", (ask.conversation_id,)
    )
    past = [item for (extra,) in rows for item in json.loads(extra)]
    return [*past, {"role": "user", "content": ask.message}]


def save(conversation_id: str, given: list[Any], result: RunResultBase) -> None:
    new = [given[-1], *(item.to_input_item() for item in result.new_items)]
    store.execute(
        "INSERT INTO message (conversation_id, role, extra) VALUES (?, 'turn', ?)",
        (conversation_id, json.dumps(new)),
    )
    store.commit()


@app.get("/healthz")
async def healthz() -> dict[str, str]:
    return {"status": "ok"}


@app.post("/chat")
async def chat(ask: Ask) -> Reply:
    given = load(ask)
    result = await Runner.run(agent, given)
    save(ask.conversation_id, given, result)
    return Reply(reply=str(result.final_output))


@app.post("/stream")
async def stream(ask: Ask) -> StreamingResponse:
    return StreamingResponse(pieces(ask), media_type="text/event-stream")


async def pieces(ask: Ask) -> AsyncIterator[str]:
    given = load(ask)
    result = Runner.run_streamed(agent, given)
    async for event in result.stream_events():
        if event.type == "raw_response_event" and isinstance(event.data, ResponseTextDeltaEvent):
            yield f"data: {json.dumps({'delta': event.data.delta})}\n\n"
    save(ask.conversation_id, given, result)
    yield "data: [DONE]\n\n"
