"""A taken place knows the journey that holds it, and a journey holds one at most."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('market', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='takenplace',
            name='holder',
            field=models.UUIDField(null=True),
        ),
        migrations.AddIndex(
            model_name='takenplace',
            index=models.Index(fields=['holder'], name='place_by_holder'),
        ),
        migrations.AddConstraint(
            model_name='takenplace',
            constraint=models.UniqueConstraint(condition=models.Q(('given_back_at__isnull', True), ('holder__isnull', False)), fields=('holder',), name='one_place_per_holder'),
        ),
    ]
