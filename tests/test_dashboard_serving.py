"""What the server does so that pages come quickly."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
from pathlib import Path

import altair as alt
from sqlalchemy import Engine, event
from starlette.responses import HTMLResponse
from starlette.types import Message

from dashboard import ahead, asgi, data, settings
from dashboard.charts import frame, themed, within
from dashboard.middleware import PageMiddleware
from dashboard.theme import LIGHT
from tests.dashboard_data import build


def test_the_part_that_every_page_is_made_of_comes_with_the_page() -> None:
    """An upgrade of Streamlit that moves it turns this red: then name its new place."""
    listed = json.loads((ahead.STATIC / "manifest.json").read_bytes())
    file = listed[ahead.ELEMENT]["file"]
    assert (ahead.STATIC / file).is_file()
    page = asyncio.run(_page())
    head = page[: page.index("</head>")]
    assert f'<script type="module" crossorigin src="./{file}"></script>' in head


async def _page() -> str:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    index = (ahead.STATIC / "index.html").read_text(encoding="utf-8")
    scope = {"type": "http", "method": "GET", "headers": [], "query_string": b""}
    await PageMiddleware(HTMLResponse(index))(scope, receive, send)
    return str(sent[1]["body"].decode())


def test_small_messages_are_sent_without_waiting_for_the_one_before() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        asgi._send_at_once()
        with socket.create_connection(listening.getsockname()):
            accepted, _address = listening.accept()
            with accepted:
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_new_pass_is_read_before_somebody_waits_for_it(tmp_path: Path) -> None:
    url = build(tmp_path / "portfolio.db", 14)
    settings.use(settings.Settings(url))
    asgi._read_ahead()
    source = data.look(url).source
    assert source is not None
    asked: list[str] = []

    def note(_c: object, _k: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        found = [source.projects(), source.repositories(), source.hanging(), source.bodies(),
                 source.metric_states(), source.collected()]  # fmt: skip
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert all(found)
    assert not asked


PANDAS = """
import sys
from tests.dashboard_app import open_page
app = open_page(sys.argv[1])
assert app.get("vega_lite_chart") and not app.exception
sys.exit(len({"pandas", "pyarrow"} & set(sys.modules)))
"""


def test_no_chart_needs_the_seventy_megabytes_of_pandas(tmp_path: Path) -> None:
    url = build(tmp_path / "portfolio.db", 14)
    root = Path(__file__).parent.parent
    subprocess.run([sys.executable, "-c", PANDAS, url], cwd=root, check=True)


def test_data_stands_in_the_layers_it_is_drawn_from() -> None:
    drawn = within(alt.Chart(frame(x=[1])).mark_bar().encode(x=alt.X("x:Q")).to_dict())
    assert not {"data", "datasets", "mark"} & set(drawn)
    assert [layer["data"] for layer in drawn["layer"]] == [{"values": [{"x": 1}]}]


def test_the_steps_of_making_a_chart_share_its_data() -> None:
    data = frame(x=[1, 2], y=[3, 4])
    base = alt.Chart(data).encode(x=alt.X("x:Q"))
    chart = themed(base.mark_bar() + base.mark_rule(), LIGHT, "en")
    assert chart.data is data
    drawn = chart.to_dict()
    assert list(drawn["datasets"].values()) == [[{"x": 1, "y": 3}, {"x": 2, "y": 4}]]


def test_the_connections_of_a_database_that_the_cache_forgets_are_closed(engine: Engine) -> None:
    forgotten = data.engine(engine.url.render_as_string(hide_password=False))
    with forgotten.connect():
        pass
    pool = forgotten.pool
    data.engine.clear()
    assert forgotten.pool is not pool
