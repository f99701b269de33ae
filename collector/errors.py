"""Errors that people read: a sentence that says what happened and what to do."""


class UserError(Exception):
    """Something the user can mend. Its text is the whole message; no traceback is shown."""

    exit_code = 1


class ConfigurationError(UserError):
    """The configuration cannot be used."""

    exit_code = 2


class UnfitMachine(UserError):
    """A program that a pass needs is missing or too old; nothing was tried."""

    exit_code = 2


class PassRunning(UserError):
    """Another pass works on the same database."""

    exit_code = 3
