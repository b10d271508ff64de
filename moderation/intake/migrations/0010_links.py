import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_receipt_functions")]

    operations = [
        migrations.AddField(
            "submission",
            "links",
            django.contrib.postgres.fields.ArrayField(base_field=models.BinaryField(), null=True, size=None),
        ),
    ]
