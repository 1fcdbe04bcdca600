# Courses with their seats, and enrolments.

import django.db.models.deletion
import selaras.ground.fields
import uuid6
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0005_journeys'),
        ('prepare', '0003_outreach'),
    ]

    operations = [
        migrations.CreateModel(
            name='Course',
            fields=[
                ('id', models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('skill', 'Skill'), ('language', 'Language'), ('literacy', 'Literacy')], max_length=8)),
                ('title', models.CharField(max_length=120)),
                ('job', models.CharField(blank=True, max_length=60)),
                ('language', models.CharField(blank=True, max_length=40)),
                ('seats', models.PositiveIntegerField()),
                ('taken', models.PositiveIntegerField(default=0)),
                ('since', models.DateField()),
                ('until', models.DateField()),
                ('payer', models.CharField(choices=[('government', 'Government'), ('employer', 'Employer'), ('agency', 'Agency'), ('worker', 'Worker')], max_length=10)),
                ('state', models.CharField(choices=[('open', 'Open'), ('closed', 'Closed')], default='open', max_length=6)),
                ('by', models.CharField(max_length=80)),
                ('by_name', models.CharField(max_length=120)),
                ('office', models.CharField(blank=True, max_length=160)),
                ('at', models.DateTimeField()),
                ('once', models.CharField(max_length=40)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_by_name', models.CharField(blank=True, max_length=120)),
                ('closed_words', models.CharField(blank=True, max_length=300)),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='courses', to='people.party')),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'until'], name='course_by_last_day')],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('taken__gte', 0), ('taken__lte', models.F('seats'))), name='seats_never_below_zero'),
                    models.CheckConstraint(condition=models.Q(('until__gte', models.F('since'))), name='course_ends_after_it_begins'),
                    models.UniqueConstraint(fields=('by', 'once'), name='one_course_per_press'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Enrolment',
            fields=[
                ('id', models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('enrolled', 'Enrolled'), ('cancelled', 'Cancelled'), ('completed', 'Completed'), ('failed', 'Failed')], default='enrolled', max_length=9)),
                ('by', models.CharField(max_length=80)),
                ('by_name', models.CharField(max_length=120)),
                ('office', models.CharField(blank=True, max_length=160)),
                ('at', models.DateTimeField()),
                ('ended_on', models.DateField(null=True)),
                ('ended_by_name', models.CharField(blank=True, max_length=120)),
                ('words', selaras.ground.fields.SealedText(default=str)),
                ('course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='prepare.course')),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='people.person')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['enrolled', 'completed'])), fields=('person', 'course'), name='one_live_enrolment')],
            },
        ),
    ]
