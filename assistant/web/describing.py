"""What the OpenAPI document says beside the routes: how callers prove who they are."""

from typing import Any

from fastapi import FastAPI

from assistant.web.gate import OPEN

KEY_CHARS = 255
IDEMPOTENCY_KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "the same key gives the same reply again, and the message counts once",
    "schema": {"type": "string", "minLength": 1, "maxLength": KEY_CHARS, "pattern": "^[ -~]+$"},
}
SCHEMES: dict[str, Any] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "a chat UI's token; its `sub` is the runner",
    },
    "webhook": {
        "type": "apiKey",
        "in": "header",
        "name": "webhook-signature",
        "description": "Standard Webhooks, with webhook-id and webhook-timestamp",
    },
}


def describe_callers(app: FastAPI) -> None:
    """Name the ways in, for every path but those that anybody may ask."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        document = made()
        document.setdefault("components", {})["securitySchemes"] = SCHEMES
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                ways: list[dict[str, Any]] = [{"bearer": []}]
                if (method, path) == ("post", "/chat"):
                    ways.append({"webhook": []})
                operation["security"] = [] if path in OPEN else ways
        return document

    app.openapi = openapi  # type: ignore[method-assign]
