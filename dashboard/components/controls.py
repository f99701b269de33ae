"""How does a reader choose? Widgets whose choice stands in the address, as a code.

Streamlit's own binding writes the label, which is another in each language; a code makes the
address mean the same to everybody it is sent to.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar

import streamlit as st

from dashboard.components.html import plain
from dashboard.view import View

PER_PAGE = 50
T = TypeVar("T")


def _from_address(key: str, allowed: Sequence[str]) -> list[str]:
    return [code for code in st.query_params.get(key, "").split(",") if code in allowed]


def _begin(key: str, value: object) -> str:
    """Give the widget's own name, and set it from the address when it is drawn first."""
    name = f"choice_{key}"
    if name not in st.session_state:
        st.session_state[name] = value
    return name


def _write(key: str, chosen: str) -> None:
    if chosen:
        if st.query_params.get(key) != chosen:
            st.query_params[key] = chosen
    elif key in st.query_params:
        del st.query_params[key]


def sections(view: View, label: str, options: Mapping[str, str], key: str) -> str:
    """Choose one of a few sections; the first is the usual one."""
    codes = list(options)
    name = _begin(key, (_from_address(key, codes) or codes)[0])
    chosen = st.segmented_control(
        label,
        codes,
        format_func=lambda code: view.translator.text(options[code]),
        key=name,
        required=True,
    )
    _write(key, "" if chosen in (None, codes[0]) else str(chosen))
    return str(chosen or codes[0])


def one_of(view: View, label: str, options: Mapping[str, str], key: str) -> str:
    """Choose one of several; the first is the usual one."""
    codes = list(options)
    name = _begin(key, (_from_address(key, codes) or codes)[0])
    chosen = st.selectbox(
        label,
        codes,
        format_func=lambda code: view.translator.text(options[code]),
        key=name,
    )
    _write(key, "" if chosen == codes[0] else str(chosen))
    return str(chosen or codes[0])


def any_of(
    view: View, label: str, options: Mapping[str, str], key: str, placeholder: str
) -> list[str]:
    """Choose any number; none means all."""
    codes = list(options)
    name = _begin(key, _from_address(key, codes))
    chosen = st.multiselect(
        label,
        codes,
        format_func=lambda code: view.translator.text(options[code]),
        key=name,
        placeholder=placeholder,
    )
    _write(key, ",".join(chosen))
    return list(chosen)


def asked_code(key: str, allowed: Collection[str]) -> str:
    """Give the choice of a ``code_of`` that is drawn only later; empty if it is none of these."""
    chosen = st.session_state.get(f"choice_{key}", st.query_params.get(key, ""))
    return str(chosen) if chosen in allowed else ""


def code_of(label: str, options: Mapping[str, str], key: str) -> str:
    """Choose one of several that are said already; the first is the usual one."""
    codes = list(options)
    asked = st.query_params.get(key, "")
    name = _begin(key, asked if asked in options else codes[0])
    if st.session_state[name] not in options:
        st.session_state[name] = codes[0]
    chosen = st.selectbox(label, codes, format_func=lambda code: options[code], key=name)
    _write(key, "" if chosen == codes[0] else str(chosen))
    return str(chosen or codes[0])


def some_of(label: str, options: Mapping[str, str], key: str, most: int, hint: str) -> list[str]:
    """Choose a few of many that are said already; each stands in the address by itself."""
    asked = [code for code in st.query_params.get_all(key) if code in options][:most]
    name = _begin(key, asked)
    st.session_state[name] = [code for code in st.session_state[name] if code in options]
    chosen = st.multiselect(
        label,
        list(options),
        format_func=lambda code: options[code],
        key=name,
        placeholder=hint,
        max_selections=most,
    )
    if chosen != st.query_params.get_all(key):
        st.query_params[key] = chosen
    return list(chosen)


def paged(lines: Sequence[T]) -> Sequence[T]:
    """Give one page of many lines; the reader turns the pages."""
    pages = -(-len(lines) // PER_PAGE)
    chosen = (st.pagination(pages, key="page", bind="query-params") or 1) if pages > 1 else 1
    start = PER_PAGE * (min(chosen, max(pages, 1)) - 1)
    return lines[start : start + PER_PAGE]


def ospo_choice(view: View) -> str:
    """Choose one OSPO, or all (empty); with a single one there is nothing to choose."""
    found = view.source.ospos()
    if len(found) < 2:
        return ""
    all_of_them = {"": view.translator.text("All OSPOs")}
    options = all_of_them | {one.key: plain(one.name, 80) for one in found}
    return code_of(view.translator.text("OSPO"), options, "ospo")
