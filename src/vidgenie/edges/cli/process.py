"""What each process of an instance does first.

Apart from the composition root: the supervisor of `up` needs this, and none of what the root loads.
"""

import logging
import os
import sys

import structlog

from vidgenie.engine.confine import die_with_parent
from vidgenie.settings import Settings


def start_process(settings: Settings) -> None:
    """Set up logging, and end with the supervisor where there is one."""
    if os.environ.get("VIDGENIE_SUPERVISED") == str(os.getppid()):
        die_with_parent()
    level = getattr(logging, settings.log_level.upper())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # Plain: the default prints local variables, among them keys and passwords.
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
