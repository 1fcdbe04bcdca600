# Sessions of information, and who came to them.

import django.contrib.postgres.fields
import django.db.models.deletion
import uuid6
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ground', '0001_initial'),
        ('people', '0005_journeys'),
        ('prepare', '0002_signals'),
    ]

    operations = [
        migrations.CreateModel(
            name='Outreach',
            fields=[
                ('id', models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ('on', models.DateField()),
                ('venue', models.CharField(max_length=120)),
                ('items', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)),
                ('language', models.CharField(choices=[('id', 'Indonesian'), ('jv', 'Javanese'), ('su', 'Sundanese'), ('mad', 'Madurese'), ('sas', 'Sasak'), ('ban', 'Balinese'), ('bug', 'Bugis'), ('min', 'Minangkabau'), ('bjn', 'Banjar'), ('sign', 'Sign'), ('other', 'Other')], max_length=5)),
                ('women', models.PositiveSmallIntegerField()),
                ('men', models.PositiveSmallIntegerField()),
                ('by', models.CharField(max_length=80)),
                ('by_name', models.CharField(max_length=120)),
                ('office', models.CharField(blank=True, max_length=160)),
                ('at', models.DateTimeField()),
                ('once', models.CharField(max_length=40)),
                ('reach', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('area', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='ground.area')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['on'], name='outreach_by_day')],
                'constraints': [models.UniqueConstraint(fields=('by', 'once'), name='one_outreach_per_press')],
            },
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ('on', models.DateField()),
                ('items', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)),
                ('language', models.CharField(max_length=5)),
                ('by', models.CharField(max_length=80)),
                ('by_name', models.CharField(max_length=120)),
                ('office', models.CharField(blank=True, max_length=160)),
                ('at', models.DateTimeField()),
                ('outreach', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='prepare.outreach')),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='people.person')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['outreach'], name='attendance_by_session')],
                'constraints': [models.UniqueConstraint(fields=('person', 'outreach'), name='one_attendance_a_session')],
            },
        ),
    ]
