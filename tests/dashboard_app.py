"""Opens pages as a reader's browser would, without a browser."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from pathlib import Path

from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard.settings import Settings, use

# A server looks once through all that is installed for components; AppTest would for every page.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
SCRIPT = str(Path(__file__).parent.parent / "dashboard" / "entry" / "app.py")


def open_page(
    url: str, path: str = "", *, settings: Settings | None = None, **query: str | list[str]
) -> AppTest:
    """Open a page of the portfolio in this database, with its query."""
    use(settings or Settings(url, collect_schedule="0 3 * * *"))
    app = AppTest.from_file(SCRIPT, default_timeout=30)
    app._page_hash = calc_hash(path)  # AppTest opens only pages that are files by name
    app.query_params.update(query)
    return app.run()


def markup(app: AppTest) -> str:
    """All markup of a page, without its style sheet."""
    assert not app.exception, app.exception[0]
    return "\n".join(e.proto.body for e in app.get("html") if "<style>" not in e.proto.body)


def text(app: AppTest) -> str:
    """What a reader reads."""
    said = " ".join(unescape(re.sub(r"<[^>]+>", " ", markup(app))).split())
    return re.sub(r" ([.,;:)])", r"\1", said)
