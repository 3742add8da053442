"""The embedded model behind the Chat Completions routes, for any OpenAI client."""

from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from assistant.embedded.answers import answer
from assistant.embedded.wire import (
    InvalidRequest,
    parse_request,
    render_completion,
    render_error,
    render_events,
    render_models,
)


def build_app() -> Starlette:
    """Build the ASGI app; it keeps no state and reads no clock."""
    return Starlette(
        routes=[
            Route("/v1/chat/completions", _complete, methods=["POST"]),
            Route("/chat/completions", _complete, methods=["POST"]),
            Route("/v1/models", _models),
            Route("/models", _models),
        ]
    )


async def _complete(http: HttpRequest) -> Response:
    try:
        request = parse_request(await http.body())
    except InvalidRequest as error:
        return JSONResponse(render_error(error), status_code=400)
    given = answer(request.messages, request.tools)
    if request.stream:
        return StreamingResponse(render_events(request, given), media_type="text/event-stream")
    return JSONResponse(render_completion(request, given))


async def _models(http: HttpRequest) -> Response:
    return JSONResponse(render_models())
