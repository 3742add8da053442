"""The same with LangGraph's prebuilt agent and langchain-openai."""

import json
from collections.abc import AsyncIterator
from typing import Any

from common import GIVEN, MODEL_URL, Ask, Reply, connect
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from langchain_core.messages import (
    AIMessageChunk,
    BaseMessage,
    HumanMessage,
    messages_from_dict,
    messages_to_dict,
)
from langchain_core.tools import StructuredTool
from langchain_openai import ChatOpenAI
from langgraph.prebuilt import create_react_agent

store = connect()
app = FastAPI()


def run_tool(**_: Any) -> str:
    body: str = store.execute("SELECT body FROM plan WHERE user_id = 'demo'").fetchone()[0]
    return body


agent = create_react_agent(
    ChatOpenAI(model="m", base_url=MODEL_URL, api_key="x"),
    [
        StructuredTool(
            name=tool["function"]["name"],
            description=tool["function"]["description"],
            args_schema=tool["function"]["parameters"],
            func=run_tool,
        )
        for tool in GIVEN["tools"]
    ],
    prompt=GIVEN["system"],
)


def load(ask: Ask) -> list[BaseMessage]:
    rows = store.execute(
        "SELECT extra FROM message WHERE conversation_id = ? ORDER BY id", (ask.conversation_id,)
    )
    past = [m for (extra,) in rows for m in messages_from_dict(json.loads(extra))]
    return [*past, HumanMessage(ask.message)]


def save(conversation_id: str, new: list[BaseMessage]) -> None:
    store.execute(
        "INSERT INTO message (conversation_id, role, extra) VALUES (?, 'turn', ?)",
        (conversation_id, json.dumps(messages_to_dict(new))),
    )
    store.commit()


@app.get("/healthz")
async def healthz() -> dict[str, str]:
    return {"status": "ok"}


@app.post("/chat")
async def chat(ask: Ask) -> Reply:
    given = load(ask)
    state = await agent.ainvoke({"messages": given})
    save(ask.conversation_id, state["messages"][len(given) - 1 :])
    return Reply(reply=state["messages"][-1].content)


@app.post("/stream")
async def stream(ask: Ask) -> StreamingResponse:
    return StreamingResponse(pieces(ask), media_type="text/event-stream")


async def pieces(ask: Ask) -> AsyncIterator[str]:
    given = load(ask)
    final: dict[str, Any] = {}
    async for mode, part in agent.astream({"messages": given}, stream_mode=["messages", "values"]):
        if mode == "values":
            final = part
        elif isinstance(part[0], AIMessageChunk) and part[0].content:
            yield f"data: {json.dumps({'delta': part[0].content})}\n\n"
    save(ask.conversation_id, final["messages"][len(given) - 1 :])
    yield "data: [DONE]\n\n"
