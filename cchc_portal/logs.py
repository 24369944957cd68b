"""How the log is written: one line a message, as text or as JSON, with the request's name."""

import logging
import re
from typing import Any

from pythonjsonlogger.core import RESERVED_ATTRS

from indicators.tracing import request_id

# Where a request carries its name: Django tells of one that failed when it is no longer under way.
NAME = "HTTP_X_REQUEST_ID"
FORMS = ("text", "json")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
# What follows these opens a door, to whoever reads the log as well. Nothing after them is told: a
# mail program may have cut off the end of the link, or lengthened it: no page answers to it then.
_SECRET_OF_LINK = re.compile(r"(/(?:loi-moi|dat-lai-mat-khau)/).+", re.DOTALL)


def without_secrets(text: str) -> str:
    """Return an address, or what ends with one, without the secret of a link in a letter.

    >>> without_secrets("/loi-moi/MQ/c3-abc/"), without_secrets("Gone: /dat-lai-mat-khau/MQ/c3-abc")
    ('/loi-moi/…', 'Gone: /dat-lai-mat-khau/…')
    """
    return _SECRET_OF_LINK.sub(r"\1…", text)


class WithRequest(logging.Filter):
    """Say of each message which request, job or command it belongs to; of what Django says of
    one that failed, hide the secret of its address."""

    def filter(self, record: logging.LogRecord) -> bool:
        asked = getattr(getattr(record, "request", None), "META", {})
        record.request_id = request_id() or asked.get(NAME, "")
        if isinstance(record.args, tuple):
            record.args = tuple(
                without_secrets(one) if isinstance(one, str) else one for one in record.args
            )
        return True


def configuration(*, form: str, level: str) -> dict[str, Any]:
    """Return what ``logging.config.dictConfig`` takes; gunicorn's own messages are among them."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"with_request": {"()": "cchc_portal.logs.WithRequest"}},
        "formatters": {
            "text": {
                "format": "{asctime} {levelname} {name} [{request_id}] {message}",
                "style": "{",
            },
            "json": {
                "()": "pythonjsonlogger.json.JsonFormatter",
                "format": "levelname,name,request_id,message",
                "style": ",",
                "rename_fields": {"levelname": "level", "name": "logger"},
                "timestamp": "time",
                "json_ensure_ascii": False,
                # Django hands on the whole request, with whatever was posted.
                "reserved_attrs": [*RESERVED_ATTRS, "request"],
            },
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "filters": ["with_request"],
                "formatter": form,
            }
        },
        "loggers": {
            "django": {},  # by itself it would print what it hands on to the root as well
            # Every scan of the net asks for other names.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            # What was not found, or refused, is told by the line of each request.
            "django.request": {"level": "ERROR"},
            "django.server": {"handlers": ["console"], "propagate": False},
            "gunicorn.error": {"level": "INFO", "handlers": ["console"], "propagate": False},
            # Each step of drawing a PDF, and each table of its fonts.
            "weasyprint": {"level": "ERROR"},
            "fontTools": {"level": "WARNING"},
        },
        "root": {"handlers": ["console"], "level": level},
    }
