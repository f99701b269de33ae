"""Forgejo and Gitea, on any host; Codeberg is one of them."""

from collector.forges.forgejo.forge import Forgejo

__all__ = ["Forgejo"]
