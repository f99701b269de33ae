"""The parts of the project page, one per file; only the chosen one is drawn. This is the list."""

from collections.abc import Callable

from dashboard.i18n import N_
from dashboard.sections import answers, figures, going, lists, people, sources, work
from dashboard.sections.shown import Shown

Section = Callable[[Shown], None]

SECTIONS: tuple[tuple[str, str, Section], ...] = (
    ("work", N_("Work and deliveries"), work.section),
    ("people", N_("People"), people.section),
    ("answers", N_("Answers"), answers.section),
    ("going", N_("Money, users, service"), going.section),
    ("lists", N_("Official checklists"), lists.section),
    ("figures", N_("All figures"), figures.section),
    ("sources", N_("Files and repositories"), sources.section),
)
"""Code in the address, title, section: in their order."""
