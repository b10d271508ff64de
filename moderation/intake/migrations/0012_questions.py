"""Coded questions to a reporter, coded answers with a sealed text, and the reason of a decision."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0011_receipt_functions'),
    ]

    operations = [
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(choices=[('right_school', 'Is it certain that it was this school, and none of a similar name?'), ('right_month', 'Did it happen in the month that you chose?'), ('first_hand', 'Do you know it yourself, and not only from what others told?'), ('school_knows', 'Does the school or the education office know of it?'), ('police_know', 'Was it reported to the police?'), ('public_notice', 'Is there a public notice or an article that says so?'), ('document', 'Could you show a reviewer a letter or notice, which nobody keeps?')], max_length=13)),
                ('asked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='submissionprogress',
            name='submission_progress_known',
        ),
        migrations.AddField(
            model_name='submissionprogress',
            name='reason',
            field=models.CharField(blank=True, choices=[('sufficient', 'The evidence is sufficient'), ('wrong_school', 'It may be another school'), ('weak_evidence', 'The evidence is not strong enough'), ('not_independent', 'The sources are not independent'), ('names_a_person', 'The source names a student, a victim or a suspect'), ('out_of_scope', 'It is not about this kind of crime'), ('duplicate', 'It is already on the map')], db_default='', max_length=15),
        ),
        migrations.AlterField(
            model_name='submissionprogress',
            name='code',
            field=models.CharField(choices=[('received', 'Received: it waits for a reviewer'), ('in_review', 'Under review by two people'), ('information', 'Two reviewers need more before they can decide'), ('published', "Decided: the school's record is public"), ('not_published', 'Decided: nothing is published'), ('withdrawn', 'Withdrawn by you: text and contact are deleted')], max_length=13),
        ),
        migrations.AddConstraint(
            model_name='submissionprogress',
            constraint=models.CheckConstraint(condition=models.Q(('code__in', ['received', 'in_review', 'information', 'published', 'not_published', 'withdrawn'])), name='submission_progress_known'),
        ),
        migrations.AddConstraint(
            model_name='submissionprogress',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['', 'sufficient', 'wrong_school', 'weak_evidence', 'not_independent', 'names_a_person', 'out_of_scope', 'duplicate'])), name='submission_reason_known'),
        ),
        migrations.AddField(
            model_name='question',
            name='submission',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='intake.submission'),
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('question', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='answer', serialize=False, to='intake.question')),
                ('code', models.CharField(choices=[('yes', 'Yes'), ('no', 'No'), ('unsure', 'I do not know')], max_length=6)),
                ('sealed_text', models.BinaryField(null=True)),
                ('answered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('code__in', ['yes', 'no', 'unsure'])), name='answer_known')],
            },
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(('code__in', ['right_school', 'right_month', 'first_hand', 'school_knows', 'police_know', 'public_notice', 'document'])), name='question_known'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.UniqueConstraint(fields=('submission', 'code'), name='question_once_a_report'),
        ),
    ]
