"""A return tells the day of a death; a new employer may be one of the register."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("people", "0008_death_closes"),
        ("place", "0005_reports_corrected"),
    ]

    operations = [
        migrations.AddField(model_name="report", name="died_on", field=models.DateField(null=True)),
        migrations.AddField(
            model_name="report",
            name="party",
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.party"),
        ),
    ]
