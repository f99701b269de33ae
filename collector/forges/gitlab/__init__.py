"""GitLab on any host, over REST; with a token or without."""

from collector.forges.gitlab.forge import GitLab

__all__ = ["GitLab"]
