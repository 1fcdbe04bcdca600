"""What officers write about people, and the names that they give to files, rest sealed."""

import pytest
from django.db import connections

from selaras.ground.keeping import keep
from selaras.ground.scope import acting
from selaras.people.actions.correcting import correct
from selaras.people.models import Person
from selaras.people.queries.opening import open_person
from tests.cast import actor
from tests.people.someone import NIK, registered

pytestmark = pytest.mark.usefixtures("committed")


def test_a_reason_and_the_name_of_a_file_that_hold_a_number_rest_sealed_and_are_read_on_the_page():
    why, name = f"KTP {NIK} dilihat", f"ktp-{NIK}.pdf"
    person_id = registered().person_id
    with acting(actor("village")):
        version = Person.objects.get(pk=person_id).version
        correct(person_id=person_id, version=version, changes={"birth_place": "Cirebon"}, reason=why)
        assert why in [event.reason for event in open_person(person_id).events]
        assert keep([b"x"], name).name == name
    with connections["owner"].cursor() as owner:
        for table, column in (("people_event", "reason"), ("people_ruling", "reason"), ("ground_keptfile", "name")):
            owner.execute("select data_type from information_schema.columns where table_name = %s and column_name = %s", [table, column])
            assert owner.fetchone() == ("bytea",), table
            owner.execute(f"select {column} from {table}")
            assert not any(NIK.encode() in bytes(row[0]) for row in owner.fetchall())
