# Early warnings.

import django.contrib.postgres.fields
import django.db.models.deletion
import selaras.ground.fields
import uuid6
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ground', '0001_initial'),
        ('people', '0005_journeys'),
        ('prepare', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Signal',
            fields=[
                ('id', models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=40)),
                ('on', models.DateField()),
                ('words', selaras.ground.fields.SealedText()),
                ('company', selaras.ground.fields.SealedText(default=str)),
                ('state', models.CharField(choices=[('reported', 'Reported'), ('looked_into', 'Looked Into'), ('passed_on', 'Passed On'), ('nothing', 'Nothing')], default='reported', max_length=11)),
                ('by', models.CharField(max_length=80)),
                ('by_name', models.CharField(max_length=120)),
                ('office', models.CharField(blank=True, max_length=160)),
                ('at', models.DateTimeField()),
                ('once', models.CharField(max_length=40)),
                ('answer', selaras.ground.fields.SealedText(default=str)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.CharField(blank=True, max_length=80)),
                ('answered_by_name', models.CharField(blank=True, max_length=120)),
                ('answered_office', models.CharField(blank=True, max_length=160)),
                ('reach', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('agency', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='signals', to='people.party')),
                ('area', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='ground.area')),
                ('photo', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='ground.keptfile')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['state', 'on'], name='signal_by_state')],
                'constraints': [
                    models.UniqueConstraint(fields=('by', 'once'), name='one_signal_per_press'),
                    models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('state', 'reported')), models.Q(models.Q(('state', 'reported'), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='an_answered_signal_has_its_time'),
                ],
            },
        ),
    ]
