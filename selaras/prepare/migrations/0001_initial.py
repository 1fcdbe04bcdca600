# The log of a village.

import django.db.models.deletion
import selaras.ground.fields
import uuid6
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('ground', '0001_initial'),
        ('people', '0005_journeys'),
    ]

    operations = [
        migrations.CreateModel(
            name='Movement',
            fields=[
                ('id', models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('left', 'Left'), ('returned', 'Returned')], max_length=8)),
                ('on', models.DateField()),
                ('district', models.CharField(blank=True, max_length=40)),
                ('told_by', models.CharField(choices=[('herself', 'Herself'), ('family', 'Family'), ('neighbour', 'Neighbour'), ('head', 'Head'), ('agency', 'Agency'), ('office', 'Office')], max_length=9)),
                ('words', selaras.ground.fields.SealedText(default=str)),
                ('by', models.CharField(max_length=80)),
                ('by_name', models.CharField(max_length=120)),
                ('office', models.CharField(blank=True, max_length=160)),
                ('at', models.DateTimeField()),
                ('taken_back_at', models.DateTimeField(null=True)),
                ('taken_back_by', models.CharField(blank=True, max_length=80)),
                ('taken_back_by_name', models.CharField(blank=True, max_length=120)),
                ('taken_back_words', selaras.ground.fields.SealedText(default=str)),
                ('area', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='ground.area')),
                ('country', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='ground.country')),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='people.person')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['on', 'kind'], name='movement_by_day')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('taken_back_at__isnull', True)), fields=('person', 'kind', 'on'), name='one_movement_a_day')],
            },
        ),
    ]
