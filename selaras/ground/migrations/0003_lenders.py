# An office may be a lender's.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ground', '0002_notice'),
    ]

    operations = [
        migrations.AlterField(
            model_name='office',
            name='kind',
            field=models.CharField(choices=[('ministry', 'Ministry'), ('mission', 'Mission'), ('bp3mi', 'Bp3Mi'), ('province', 'Province'), ('regency', 'Regency'), ('desk', 'Desk'), ('village', 'Village'), ('agency', 'Agency'), ('lender', 'Lender'), ('audit', 'Audit'), ('steering', 'Steering')], max_length=12),
        ),
    ]
