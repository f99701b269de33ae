"""Configuration: YAML and environment in, one frozen ``Config`` out; the only reader of either."""

from collector.config.loading import load, portfolio_files
from collector.config.values import Config, ForgeConfig, ProjectConfig, RepositoryConfig
from collector.problem import ConfigError

__all__ = [
    "Config",
    "ConfigError",
    "ForgeConfig",
    "ProjectConfig",
    "RepositoryConfig",
    "load",
    "portfolio_files",
]
