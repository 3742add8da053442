import json,sys
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
import uvicorn
sys.path.insert(0,'/work/main/tests/support')
from openai_server import calls, whole, streamed
TOOL=calls(("get_plan_summary",{}))
TEXT="Your plan is on track. "*10+"Keep the easy days easy and drink enough water before the long run."
async def answer(request):
    body=json.loads(await request.body())
    last=body["messages"][-1]
    m=TOOL if last["role"]=="user" else TEXT
    if m is TOOL:
        import secrets
        m=json.loads(json.dumps(m)); m["tool_calls"][0]["id"]="call_"+secrets.token_hex(4)
    if body.get("stream"): return Response(streamed(m),media_type="text/event-stream")
    return Response(json.dumps(whole(m)),media_type="application/json")
app=Starlette(routes=[Route("/v1/chat/completions",answer,methods=["POST"])])
uvicorn.run(app,port=8991,log_level="error")
