"""``dashboard`` and ``run``: what goes on until it is stopped."""

from __future__ import annotations

from threading import Event, Thread

from collector.commands.common import configuration
from collector.commands.demo import instead, why_nothing_is_read
from collector.config import Config
from collector.demo import PSEUDONYMS
from collector.outcome import Outcome
from collector.progress import reporter
from collector.run import open_pass
from collector.stopping import GENTLY, stopped_by_signals


def dashboard(port: int | None, *, browser: bool = True) -> int:
    """Show what is stored."""
    from dashboard.asgi import serve
    from dashboard.settings import from_config

    config = configuration()
    serve(from_config(config), port or config.server.port, open_browser=browser)
    return 0


def run(port: int | None, *, browser: bool = True) -> int:
    """Read git with a bar, open the dashboard, and go on reading behind it."""
    from dashboard.asgi import serve
    from dashboard.settings import from_config

    config = configuration()
    shown = from_config(config)
    stop, git_is_read = Event(), Event()
    reading = _Reading(config, stop, git_is_read)
    with stopped_by_signals(stop, GENTLY) as heard:
        reading.start()
        while reading.is_alive() and not git_is_read.wait(0.1):
            pass  # wakes up for Ctrl-C
        if stop.is_set():
            reading.join()
    if reading.error is not None:
        raise reading.error
    if heard.exit_code is not None:
        return heard.exit_code
    try:
        why = why_nothing_is_read(config)
        if why is not None:
            shown = from_config(instead(config, why), PSEUDONYMS)
        serve(shown, port or config.server.port, open_browser=browser)
    finally:
        stop.set()
        with stopped_by_signals(stop, GENTLY):
            reading.join()
    return 0


class _Reading(Thread):
    """The pass of ``run``: in front while it reads git, behind the dashboard afterwards."""

    def __init__(self, config: Config, stop: Event, git_is_read: Event) -> None:
        super().__init__(name="reading")
        self._config, self._stop_asked, self._git_is_read = config, stop, git_is_read
        self.outcome: Outcome | None = None
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            with reporter() as bar:
                one = open_pass(self._config, bar, self._stop_asked)
                self.outcome = one.collect(git_is_read=self._git_is_read.set)
        except Exception as error:
            self.error = error
        finally:
            self._git_is_read.set()
