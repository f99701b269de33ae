"""HTTP to hosts that may be slow, limited, broken or hostile."""

from collector.transport.http import USER_AGENT, Transport

__all__ = ["USER_AGENT", "Transport"]
