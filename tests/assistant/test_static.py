"""The page's files: what is listed and nothing else, the same for everybody, sent once."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.settings import load_settings
from assistant.web.app import build_app
from assistant.web.static import FILES, FOLDER
from storage.database import Database


@pytest.fixture
def client(demo: Database) -> Iterator[TestClient]:
    with TestClient(build_app(load_settings(), demo), base_url="http://127.0.0.1") as found:
        yield found


def test_every_file_of_the_page_is_listed_and_served(client: TestClient) -> None:
    assert sorted(FILES.values()) == sorted(path.name for path in FOLDER.iterdir())
    kinds = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
    for path, name in FILES.items():
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.content == (FOLDER / name).read_bytes()
        assert answer.headers["content-type"] == f"{kinds[Path(name).suffix]}; charset=utf-8"


@pytest.mark.parametrize(
    "path",
    ["/page/", "/page", "/page/../app.py", "/page/%2e%2e/app.py", "/page/x.js", "/index.html"],
)
def test_nothing_else_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_file_that_is_still_good_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/page/main.js")
    assert first.headers["cache-control"] == "no-cache"
    again = client.get("/page/main.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("/page/main.js", headers={"If-None-Match": '"other"'})
    assert other.content == first.content


def test_a_file_goes_out_packed_where_that_is_understood(client: TestClient) -> None:
    packed = client.get("/page/page.css", headers={"Accept-Encoding": "gzip"})
    plain = client.get("/page/page.css", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content


def test_the_page_holds_no_inline_script_or_style_and_names_no_other_host() -> None:
    for path in FOLDER.iterdir():
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|//cdn|@import|\burl\(", text), path.name
        unsafe = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|Function\("
        assert not re.search(unsafe, text), path.name
    page = (FOLDER / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page)
    assert {f"/page/{name}" for name in re.findall(r'/page/([a-z]+\.\w+)"', page)} == {
        path for path in FILES if path != "/"
    }
