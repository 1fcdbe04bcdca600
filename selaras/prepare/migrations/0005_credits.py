# Requests for the placement credit.

import django.db.models.deletion
import selaras.ground.fields
import uuid6
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0005_journeys'),
        ('prepare', '0004_training'),
    ]

    operations = [
        migrations.CreateModel(
            name='CreditRequest',
            fields=[
                ('id', models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ('amount', models.BigIntegerField()),
                ('months', models.PositiveSmallIntegerField()),
                ('instalments', models.PositiveSmallIntegerField()),
                ('tax_number', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('asked', 'Asked'), ('granted', 'Granted'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='asked', max_length=9)),
                ('asked_on', models.DateField()),
                ('due', models.DateField()),
                ('by', models.CharField(max_length=80)),
                ('by_name', models.CharField(max_length=120)),
                ('office', models.CharField(blank=True, max_length=160)),
                ('at', models.DateTimeField()),
                ('answered_on', models.DateField(null=True)),
                ('answered_by_name', models.CharField(blank=True, max_length=120)),
                ('words', selaras.ground.fields.SealedText(default=str)),
                ('journey', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='credit_requests', to='people.journey')),
                ('lender', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='credit_requests', to='people.party')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credit_requests', to='people.person')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['state', 'due'], name='credit_by_due_day')],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='credit_of_something'),
                    models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'granted'])), fields=('journey',), name='one_live_credit'),
                ],
            },
        ),
    ]
