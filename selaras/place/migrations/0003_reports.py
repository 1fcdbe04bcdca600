"""Reports after departure: arrivals, changes of employer, returns with their cause."""

import django.db.models.deletion
import selaras.ground.fields
import uuid6
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ground', '0001_initial'),
        ('people', '0005_journeys'),
        ('place', '0002_contracts'),
    ]

    operations = [
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('arrival', 'Arrival'), ('employer', 'Employer'), ('return', 'Return')], max_length=8)),
                ('state', models.CharField(choices=[('told', 'Told'), ('kept', 'Kept')], default='kept', max_length=4)),
                ('on', models.DateField()),
                ('district', models.CharField(blank=True, max_length=40)),
                ('cause', models.CharField(blank=True, max_length=20)),
                ('employer', selaras.ground.fields.SealedText(default=str)),
                ('place', selaras.ground.fields.SealedText(default=str)),
                ('words', selaras.ground.fields.SealedText(default=str)),
                ('by', models.CharField(max_length=80)),
                ('by_name', models.CharField(max_length=120)),
                ('office', models.CharField(blank=True, max_length=160)),
                ('at', models.DateTimeField()),
                ('taken_up_by', models.CharField(blank=True, max_length=80)),
                ('taken_up_by_name', models.CharField(blank=True, max_length=120)),
                ('taken_up_at', models.DateTimeField(null=True)),
                ('country', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='ground.country')),
                ('journey', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='people.journey')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='people.person')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['journey', 'kind'], name='report_by_journey')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('kind__in', ['arrival', 'return'])), fields=('journey', 'kind'), name='one_arrival_and_one_return')],
            },
        ),
    ]
