"""Sessions sealed under our keys: whoever reads the table reads nothing of what an officer was doing."""

import json
from typing import Any

from selaras.ground.keyring import ring

PLACE = "django_session"


class Sealed:
    """Writes and reads the content of a session; the library signs it around this."""

    def dumps(self, obj: Any) -> bytes:
        """Seal the content."""
        return ring().seal_text(json.dumps(obj, separators=(",", ":")), PLACE)

    def loads(self, data: bytes) -> Any:
        """Open the content."""
        return json.loads(ring().open_text(data, PLACE))
