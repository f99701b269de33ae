"""How is a report printed? The page of HTML as PDF/UA: tagged, titled, with the fonts in it."""

from __future__ import annotations

import logging
from base64 import b64encode
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from collector.doctor import PANGO
from collector.errors import UserError

FONT = "static/static/media/SourceSansVF-Upright.ttf.*.woff2"
"""The font of the dashboard, which comes with Streamlit."""


class NoPdf(UserError):
    """What PDF is made with is not there."""


def as_pdf(page: str) -> bytes:
    """Print a page of HTML that needs nothing from elsewhere. Raise ``NoPdf``."""
    for name in ("weasyprint", "fontTools"):
        logging.getLogger(name).setLevel(logging.ERROR)  # what paper has no use for is no news
    try:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher
    except OSError as error:
        raise NoPdf(f"The report cannot be written as PDF: Pango was not found. {PANGO}") from error
    inside = URLFetcher(allowed_protocols=["data"])
    fonts = FontConfiguration()
    sheet = CSS(string=font_face(), url_fetcher=inside, font_config=fonts)
    document = HTML(string=page, url_fetcher=inside)
    made: bytes = document.write_pdf(stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1")
    return made


@cache
def font_face() -> str:
    """Give the font of the dashboard to paper too; without it the system's own is used."""
    found = find_spec("streamlit")
    folder = Path(found.origin).parent if found and found.origin else Path()
    file = next(iter(sorted(folder.glob(FONT))), None)
    if file is None:
        return ""
    letters = b64encode(file.read_bytes()).decode("ascii")
    source = f"url(data:font/woff2;base64,{letters}) format('woff2')"
    return f"@font-face{{font-family:'Source Sans';font-weight:200 900;src:{source}}}"
