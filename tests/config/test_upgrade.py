"""The upgrade path: migrations say what the models say, and preparing a database again mends its locks and loses nothing."""

import pytest
from django.core.management import call_command
from django.db import connections

from selaras.ground.models import KeptFile
from selaras.ground.scope import acting, scoped_models
from selaras.ground.setting_up import prepare_database
from tests.cast import actor

pytestmark = pytest.mark.usefixtures("committed")


def test_no_change_of_a_model_lacks_its_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_preparing_again_loses_nothing_and_puts_a_lost_lock_back():
    with acting(actor("reviewer")):
        KeptFile.objects.create(name="a", size=1, sha256="0" * 64, reach=["nation"])
    with connections["owner"].cursor() as owner:
        owner.execute("drop policy reach on people_person")
        owner.execute("alter table people_person disable row level security")
        owner.execute("grant update on ground_ledgerline to selaras_app")
    prepare_database(lambda step: None)
    with connections["owner"].cursor() as owner:
        owner.execute("select count(*) from pg_policies where policyname = 'reach'")
        assert owner.fetchone() == (len(scoped_models()),)
        owner.execute("select relrowsecurity from pg_class where relname = 'people_person'")
        assert owner.fetchone() == (True,)
        owner.execute("select has_table_privilege('selaras_app', 'ground_ledgerline', 'update')")
        assert owner.fetchone() == (False,)
    with acting(actor("reviewer")):
        assert KeptFile.objects.get().name == "a"


def test_a_table_of_an_older_version_is_brought_to_this_one():
    """Go one step back in the newest room and forward again, as an upgrade of a running copy does."""
    call_command("migrate", "insight", "zero", database="owner", verbosity=0)
    try:
        with connections["owner"].cursor() as owner:
            owner.execute("select to_regclass('insight_figure')")
            assert owner.fetchone() == (None,)
    finally:
        prepare_database(lambda step: None)
    with connections["owner"].cursor() as owner:
        owner.execute("select has_table_privilege('selaras_app', 'insight_figure', 'select')")
        assert owner.fetchone() == (True,)
