"""OSPO Vitals' collector: from git and the forges to records, metrics and judgements."""

__version__ = "0.1.0"
