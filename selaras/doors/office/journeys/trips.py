"""What a person's own page shows of journeys: each with how far it is, and how somebody came in from the side."""

from typing import Any
from uuid import UUID

from selaras.doors.office.journeys import words
from selaras.doors.office.people.words import country
from selaras.people.queries.journeys import entries_of, journeys_of


def trips(person_id: UUID) -> dict[str, Any]:
    """Give the journeys and the entries from the side of a person who was opened."""
    return {
        "journeys": [
            {
                "line": line, "scheme": words.label(line.scheme), "state": words.say(words.STATES, line.state),
                "country": country(line.country) if line.country else "",
            }
            for line in journeys_of(person_id)
        ],
        "entries": [
            {"line": line, "kind": words.say(words.ENTRIES, line.kind), "country": country(line.country) if line.country else ""}
            for line in entries_of(person_id)
        ],
    }  # fmt: skip
