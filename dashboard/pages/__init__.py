"""The pages, one per file; each answers the question its docstring asks. This is the list."""

from collections.abc import Callable

from dashboard.i18n import N_
from dashboard.pages import about, collected, method, portfolio, project, projects
from dashboard.view import View

Page = Callable[[View], None]

PAGES: tuple[tuple[str, str, Page], ...] = (
    ("", N_("Portfolio"), portfolio.page),
    ("projects", N_("Projects"), projects.page),
    ("project", N_("Project"), project.page),
    ("data", N_("Data"), collected.page),
    ("method", N_("Method"), method.page),
    ("about", N_("About"), about.page),
)
"""Address, title, page: the navigation in its order."""
