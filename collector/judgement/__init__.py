"""The judgement: status, five questions and their checks, each with its sentence why."""

from collector.judgement.events import all_events, new_events
from collector.judgement.judging import (
    SUMMARY_NUMBERS,
    Json,
    Judgement,
    Question,
    collected_until,
    from_json,
    judge,
    phrase_from,
    phrase_json,
    summary_json,
    to_json,
)

__all__ = [
    "SUMMARY_NUMBERS",
    "Json",
    "Judgement",
    "Question",
    "all_events",
    "collected_until",
    "from_json",
    "judge",
    "new_events",
    "phrase_from",
    "phrase_json",
    "summary_json",
    "to_json",
]
