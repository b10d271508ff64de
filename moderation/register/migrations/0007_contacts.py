from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('register', '0006_successor_functions'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='officialfile',
            name='file_kind_known',
        ),
        migrations.AlterField(
            model_name='officialfile',
            name='kind',
            field=models.CharField(choices=[('schools', 'Schools: 전국초중등학교위치표준데이터'), ('contacts', 'Contacts: NEIS 학교기본정보'), ('universities', 'Campuses: 전국대학및전문대학정보표준데이터')], max_length=12),
        ),
        migrations.AddConstraint(
            model_name='officialfile',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['schools', 'contacts', 'universities'])), name='file_kind_known'),
        ),
    ]
