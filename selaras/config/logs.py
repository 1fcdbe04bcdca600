"""Writes log lines as JSON, without query strings, arguments or local values: nothing about a person is ever logged."""

import json
import logging
import re
import traceback
from datetime import UTC, datetime

# Sixteen digits in a row, passports and telephone numbers: a last net under the rule that none is logged in the first place.
# Beside a letter only the longest are taken: ids are made of letters and digits.
_NUMBERS = re.compile(r"(?<![0-9A-Za-z-])(\+?\d[\d .-]{7,}\d|[A-Za-z]{1,2}[ -]?\d{6,8})(?![0-9A-Za-z-])|\d{14,}")


def scrubbed(text: str) -> str:
    """Replace whatever looks like a personal number, and every query string."""
    return _NUMBERS.sub("[number]", re.sub(r"\?\S*", "?[…]", text))


class Lines(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and where an error came from."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line."""
        out = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": scrubbed(record.getMessage()),
        }
        if record.exc_info and record.exc_info[0]:
            # The kind and the places only: an error's own text may quote a row of the database.
            out["error"] = record.exc_info[0].__name__
            out["where"] = "; ".join(
                f"{f.filename.rpartition('/')[2]}:{f.lineno} {f.name}" for f in traceback.extract_tb(record.exc_info[2])
            )
        return json.dumps(out, ensure_ascii=False)
