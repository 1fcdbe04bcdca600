# What was written down wrongly is taken back with a reason, and stays to be read.

import selaras.ground.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0007_known_devices'),
        ('prepare', '0005_credits'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='attendance',
            name='one_attendance_a_session',
        ),
        migrations.AddField(
            model_name='attendance',
            name='taken_back_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='attendance',
            name='taken_back_by',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='attendance',
            name='taken_back_by_name',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name='attendance',
            name='taken_back_words',
            field=selaras.ground.fields.SealedText(null=True),
        ),
        migrations.AddField(
            model_name='creditrequest',
            name='earlier',
            field=selaras.ground.fields.SealedJson(null=True),
        ),
        migrations.AddField(
            model_name='enrolment',
            name='earlier',
            field=selaras.ground.fields.SealedJson(null=True),
        ),
        migrations.AddField(
            model_name='outreach',
            name='taken_back_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='outreach',
            name='taken_back_by',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='outreach',
            name='taken_back_by_name',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name='outreach',
            name='taken_back_words',
            field=selaras.ground.fields.SealedText(null=True),
        ),
        migrations.AddField(
            model_name='signal',
            name='earlier',
            field=selaras.ground.fields.SealedJson(null=True),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.UniqueConstraint(condition=models.Q(('taken_back_at__isnull', True)), fields=('person', 'outreach'), name='one_attendance_a_session'),
        ),
    ]
