"""Reports after departure that were corrected or taken back stay beside those in force."""

import django.db.models.deletion
import selaras.ground.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('place', '0004_passes'),
    ]

    operations = [
        migrations.AddField(
            model_name='report',
            name='corrects',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='place.report'),
        ),
        migrations.AddField(
            model_name='report',
            name='ended_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='report',
            name='ended_by',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='report',
            name='ended_by_name',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name='report',
            name='ended_why',
            field=selaras.ground.fields.SealedText(null=True),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True), ('kind__in', ['arrival', 'return'])), fields=('journey', 'kind'), name='one_arrival_and_one_return_in_force'),
        ),
        migrations.RemoveConstraint(
            model_name='report',
            name='one_arrival_and_one_return',
        ),
    ]
