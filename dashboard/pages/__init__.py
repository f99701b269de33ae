"""The pages, one per file; each answers the question its docstring asks. This is the list."""

from collections.abc import Callable

from dashboard.i18n import N_
from dashboard.pages import (
    about,
    collected,
    compare,
    method,
    ospos,
    people,
    portfolio,
    project,
    projects,
    whatif,
)
from dashboard.view import View

Page = Callable[[View], None]

PAGES: tuple[tuple[str, str, Page], ...] = (
    ("", N_("Portfolio"), portfolio.page),
    ("projects", N_("Projects"), projects.page),
    ("project", N_("Project"), project.page),
    ("compare", N_("Compare"), compare.page),
    ("people", N_("People"), people.page),
    ("what-if", N_("What if?"), whatif.page),
    ("ospos", N_("OSPOs"), ospos.page),
    ("data", N_("Data"), collected.page),
    ("method", N_("Method"), method.page),
    ("about", N_("About"), about.page),
)
"""Address, title, page: the navigation in its order."""
