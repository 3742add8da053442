"""The same with pydantic-ai: an agent with its tools, the history stored as its pages show."""

import json
from collections.abc import AsyncIterator
from typing import Any

from common import GIVEN, MODEL_URL, Ask, Reply, connect
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from pydantic_ai import Agent, Tool
from pydantic_ai.messages import ModelMessage, ModelMessagesTypeAdapter
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

store = connect()
app = FastAPI()


def run_tool(**_: Any) -> str:
    body: str = store.execute("SELECT body FROM plan WHERE user_id = 'demo'").fetchone()[0]
    return body


agent = Agent(
    OpenAIChatModel("m", provider=OpenAIProvider(base_url=MODEL_URL, api_key="x")),
    instructions=GIVEN["system"],
    tools=[
        Tool.from_schema(
            run_tool,
            name=tool["function"]["name"],
            description=tool["function"]["description"],
            json_schema=tool["function"]["parameters"],
        )
        for tool in GIVEN["tools"]
    ],
)


def load(conversation_id: str) -> list[ModelMessage]:
    rows = store.execute(
        "SELECT extra FROM message WHERE conversation_id = ? ORDER BY id", (conversation_id,)
    )
    return [m for (extra,) in rows for m in ModelMessagesTypeAdapter.validate_json(extra)]


def save(conversation_id: str, messages: bytes) -> None:
    store.execute(
        "INSERT INTO message (conversation_id, role, extra) VALUES (?, 'turn', ?)",
        (conversation_id, messages.decode()),
    )
    store.commit()


@app.get("/healthz")
async def healthz() -> dict[str, str]:
    return {"status": "ok"}


@app.post("/chat")
async def chat(ask: Ask) -> Reply:
    result = await agent.run(ask.message, message_history=load(ask.conversation_id))
    save(ask.conversation_id, result.new_messages_json())
    return Reply(reply=result.output)


@app.post("/stream")
async def stream(ask: Ask) -> StreamingResponse:
    return StreamingResponse(pieces(ask), media_type="text/event-stream")


async def pieces(ask: Ask) -> AsyncIterator[str]:
    async with agent.run_stream(ask.message, message_history=load(ask.conversation_id)) as result:
        async for delta in result.stream_text(delta=True, debounce_by=None):
            yield f"data: {json.dumps({'delta': delta})}\n\n"
        save(ask.conversation_id, result.new_messages_json())
    yield "data: [DONE]\n\n"
