"""Sessions sealed under our keys: whoever reads the table reads nothing of what an officer was doing."""

import json
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as Stored
from django.utils import timezone

from selaras.ground.fixed import Question
from selaras.ground.keyring import ring

PLACE = "django_session"

_in_force = Question(
    lambda key, now: Stored.get_model_class().objects.filter(session_key=key, expire_date__gt=now)  # type: ignore[no-untyped-call]
)


class Sealed:
    """Writes and reads the content of a session; the library signs it around this."""

    def dumps(self, obj: Any) -> bytes:
        """Seal the content."""
        return ring().seal_text(json.dumps(obj, separators=(",", ":")), PLACE)

    def loads(self, data: bytes) -> Any:
        """Open the content."""
        return json.loads(ring().open_text(data, PLACE))


class SessionStore(Stored):
    """The library's sessions in the database; every request reads its own, so the statement is made once."""

    def _get_session_from_db(self) -> Any:
        found = _in_force.objects(self.session_key, timezone.now()) if self.session_key else []
        if found:
            return found[0]
        self._session_key = None
        return None
