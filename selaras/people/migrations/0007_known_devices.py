"""A code is asked on a device where the account was opened before, or by anybody."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("people", "0006_card_goes_on")]

    operations = [migrations.AddField("phonecode", "device", models.UUIDField(null=True))]
