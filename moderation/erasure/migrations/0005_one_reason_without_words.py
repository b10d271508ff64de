"""One reason for whoever shows no words, whether something is held or not; and an end of what nobody answers.

A proposal that was made with one of the old reasons is not what was committed to any more: it has to be sent back.
"""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql" / "erasure.sql"
MERGED = "UPDATE erasure_handling SET ground = 'not_shown' WHERE ground IN ('not_found', 'not_identified')"


class Migration(migrations.Migration):

    dependencies = [
        ('erasure', '0004_functions'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='handling',
            name='erasure_state_known',
        ),
        migrations.RemoveConstraint(
            model_name='handling',
            name='erasure_refusal_has_a_ground',
        ),
        migrations.RunSQL(MERGED, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='handling',
            name='ground',
            field=models.CharField(blank=True, choices=[('not_shown', 'Nothing is held that can be shown to be yours. Alerts by mail were not looked for: the link in each of them ends them'), ('others_rights', "It is another person's, whose rights it would harm"), ('legal_duty', 'Another law says that it has to be kept'), ('not_personal', 'It is about a school and not about a person')], db_default='', max_length=14),
        ),
        migrations.AlterField(
            model_name='handling',
            name='state',
            field=models.CharField(choices=[('received', 'Received: somebody of the team looks for what is held'), ('proposed', 'Looked at by one person: a second one decides'), ('decided', 'Decided by two people'), ('withdrawn', 'Withdrawn by you: what you wrote is deleted'), ('lapsed', 'Ended without an answer, which is our fault: what you wrote is deleted; ask again')], db_default='received', max_length=9),
        ),
        migrations.AddConstraint(
            model_name='handling',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['received', 'proposed', 'decided', 'withdrawn', 'lapsed'])), name='erasure_state_known'),
        ),
        migrations.AddConstraint(
            model_name='handling',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('verdict__in', ['partly', 'refused']), _negated=True), ('ground', '')), models.Q(('ground__in', ['not_shown', 'others_rights', 'legal_duty', 'not_personal']), ('verdict__in', ['partly', 'refused'])), _connector='OR'), name='erasure_refusal_has_a_ground'),
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
