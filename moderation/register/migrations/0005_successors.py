from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('register', '0004_file_functions'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='change',
            name='change_kind_known',
        ),
        migrations.AlterField(
            model_name='change',
            name='kind',
            field=models.CharField(choices=[('publisher', 'Publisher'), ('successor', 'Successor of a school')], max_length=9),
        ),
        migrations.AddConstraint(
            model_name='change',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['publisher', 'successor'])), name='change_kind_known'),
        ),
    ]
