"""The metrics: one file per family of METRICS.md."""
