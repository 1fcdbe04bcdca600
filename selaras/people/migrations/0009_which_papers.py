"""She chooses which kinds of papers a relative has copies of; a consent from before means all of them until she says it anew."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("people", "0008_death_closes")]

    operations = [
        migrations.AddField(
            model_name="familyaccess",
            name="paper_kinds",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), null=True, size=None),
        ),
    ]
