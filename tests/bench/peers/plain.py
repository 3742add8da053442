"""The plain way: FastAPI, SQLModel and the openai SDK, a loop over tool calls."""

import json
from collections.abc import AsyncIterator
from typing import Any

from common import GIVEN, MODEL_URL, STORE, Ask, Reply, connect
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from openai import AsyncOpenAI
from sqlmodel import Field, Session, SQLModel, create_engine, select


class Plan(SQLModel, table=True):
    user_id: str = Field(primary_key=True)
    body: str


class Message(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    conversation_id: str
    role: str
    content: str | None = None
    extra: str | None = None


connect().close()
engine = create_engine(f"sqlite:///{STORE}")
client = AsyncOpenAI(api_key="x", base_url=MODEL_URL)
app = FastAPI()


def load(session: Session, conversation_id: str) -> list[dict[str, Any]]:
    rows = session.exec(
        select(Message).where(Message.conversation_id == conversation_id).order_by(Message.id)
    ).all()
    return [
        {"role": row.role, "content": row.content, **json.loads(row.extra or "{}")} for row in rows
    ]


def save(session: Session, conversation_id: str, messages: list[dict[str, Any]]) -> None:
    for message in messages:
        extra = {k: v for k, v in message.items() if k not in ("role", "content")}
        session.add(
            Message(
                conversation_id=conversation_id,
                role=message["role"],
                content=message.get("content"),
                extra=json.dumps(extra),
            )
        )
    session.commit()


def run_tool(name: str) -> str:
    assert name == "get_plan_summary"
    with Session(engine) as session:
        plan = session.get(Plan, "demo")
        return plan.body if plan else "{}"


@app.get("/healthz")
async def healthz() -> dict[str, str]:
    return {"status": "ok"}


@app.post("/chat")
async def chat(ask: Ask) -> Reply:
    with Session(engine) as session:
        past = load(session, ask.conversation_id)
    new: list[dict[str, Any]] = [{"role": "user", "content": ask.message}]
    while True:
        completion = await client.chat.completions.create(
            model="m",
            messages=[{"role": "system", "content": GIVEN["system"]}, *past, *new],
            tools=GIVEN["tools"],
        )
        message = completion.choices[0].message
        new.append(message.model_dump(exclude_none=True))
        if not message.tool_calls:
            break
        for call in message.tool_calls:
            result = run_tool(call.function.name)
            new.append({"role": "tool", "tool_call_id": call.id, "content": result})
    with Session(engine) as session:
        save(session, ask.conversation_id, new)
    return Reply(reply=message.content or "")


@app.post("/stream")
async def stream(ask: Ask) -> StreamingResponse:
    return StreamingResponse(pieces(ask), media_type="text/event-stream")


async def pieces(ask: Ask) -> AsyncIterator[str]:
    with Session(engine) as session:
        past = load(session, ask.conversation_id)
    new: list[dict[str, Any]] = [{"role": "user", "content": ask.message}]
    while True:
        stream = await client.chat.completions.create(
            model="m",
            messages=[{"role": "system", "content": GIVEN["system"]}, *past, *new],
            tools=GIVEN["tools"],
            stream=True,
        )
        text = ""
        calls: dict[int, dict[str, Any]] = {}
        async for chunk in stream:
            delta = chunk.choices[0].delta
            if delta.content:
                text += delta.content
                yield f"data: {json.dumps({'delta': delta.content})}\n\n"
            for piece in delta.tool_calls or ():
                call = calls.setdefault(
                    piece.index,
                    {"id": "", "type": "function", "function": {"name": "", "arguments": ""}},
                )
                call["id"] = piece.id or call["id"]
                if piece.function:
                    call["function"]["name"] += piece.function.name or ""
                    call["function"]["arguments"] += piece.function.arguments or ""
        said: dict[str, Any] = {"role": "assistant", "content": text}
        if calls:
            said["tool_calls"] = list(calls.values())
        new.append(said)
        if not calls:
            break
        for call in calls.values():
            result = run_tool(call["function"]["name"])
            new.append({"role": "tool", "tool_call_id": call["id"], "content": result})
    with Session(engine) as session:
        save(session, ask.conversation_id, new)
    yield "data: [DONE]\n\n"
