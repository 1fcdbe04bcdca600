"""Model fields whose values rest encrypted."""

import json
from typing import Any

from django.db import models

from selaras.ground.keyring import ring


class SealedText(models.BinaryField):  # type: ignore[type-arg]
    """A text that is sealed under the current key whenever it is written; it cannot be searched, only opened."""

    description = "encrypted text"

    @property
    def place(self) -> str:
        """Name the table and column to which a value is bound."""
        return f"{self.model._meta.db_table}.{self.column}"

    def get_default(self) -> Any:
        """Give an empty text as a text: the field of bytes beneath would make it empty bytes, and those would be sealed as they print."""
        value = super().get_default()
        return "" if value == b"" else value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Seal on the way in."""
        if value is None:
            return None
        return super().get_db_prep_value(ring().seal_text(str(value), self.place), connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        """Open on the way out."""
        return None if value is None else ring().open_text(value, self.place)

    def to_python(self, value: Any) -> Any:
        """Leave plain text as it is."""
        return value

    def get_lookup(self, lookup_name: str) -> Any:
        """Allow asking for null only: an encrypted value cannot be compared."""
        if lookup_name != "isnull":
            raise TypeError(f"{self.name} is encrypted: search its index column instead")
        return super().get_lookup(lookup_name)


class SealedJson(SealedText):
    """What JSON can say, sealed as one text."""

    description = "encrypted JSON"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Write as JSON, then seal."""
        text = None if value is None else json.dumps(value, ensure_ascii=False)
        return super().get_db_prep_value(text, connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Open, then read."""
        text = super().from_db_value(value, expression, connection)
        return None if text is None else json.loads(text)
