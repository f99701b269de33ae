"""One line of a benchmark's table: what, its target, what was measured."""

from __future__ import annotations

from dataclasses import dataclass

HEAD = f"{'':<52} {'target':>8} {'':<9} {'measured':>8} {'share':>7}"


@dataclass(frozen=True)
class Row:
    """One target and what was measured. ``least``: the target is a lower limit."""

    what: str
    target: float
    measured: float
    unit: str
    least: bool = False

    @property
    def met(self) -> bool:
        return self.measured >= self.target if self.least else self.measured <= self.target

    def __str__(self) -> str:
        sign, mark = "≥" if self.least else "≤", "met" if self.met else "MISSED"
        share = self.measured / self.target
        return (
            f"{self.what:<52} {sign} {self.target:>6g} {self.unit:<9} "
            f"{self.measured:>8.2f} {share:>7.2f}  {mark}"
        )
