"""What became of linked pages; a text is looked for at other schools."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0013_receipt_functions'),
        ('record', '0022_place'),
        ('review', '0030_functions'),
    ]

    operations = [
        migrations.CreateModel(
            name='LinkCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('article', models.CharField(max_length=40)),
                ('state', models.CharField(choices=[('same', 'As it was confirmed'), ('edited', 'Edited since it was confirmed'), ('gone', 'Gone'), ('away', 'Could not be read')], max_length=6)),
                ('since', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField()),
                ('digest', models.BinaryField(max_length=32, null=True)),
                ('checked_at', models.DateTimeField()),
            ],
        ),
        migrations.AddIndex(
            model_name='groupmark',
            index=models.Index(fields=['value'], name='mark_value'),
        ),
        migrations.AddField(
            model_name='linkcheck',
            name='publisher',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.publisher'),
        ),
        migrations.AddIndex(
            model_name='linkcheck',
            index=models.Index(fields=['checked_at'], name='link_checked'),
        ),
        migrations.AddConstraint(
            model_name='linkcheck',
            constraint=models.UniqueConstraint(fields=('publisher', 'article'), name='one_check_a_link'),
        ),
        migrations.AddConstraint(
            model_name='linkcheck',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['same', 'edited', 'gone', 'away'])), name='link_state_known'),
        ),
    ]
