"""GitHub: GraphQL with a token, REST without; github.com and Enterprise Server alike."""

from collector.forges.github.forge import GitHub, app_token

__all__ = ["GitHub", "app_token"]
