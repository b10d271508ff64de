import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

GROUPED_BY = [
    ("first", "The first of its group"),
    ("text", "Same or near-identical text"),
    ("link", "Same link"),
    ("network", "Same network on the same day"),
    ("minute", "Same minute, and no text to tell them apart"),
    ("split", "Split off by a reviewer"),
    ("joined", "Joined by a reviewer"),
]


class Migration(migrations.Migration):
    dependencies = [("review", "0002_functions"), ("intake", "0010_links")]

    operations = [
        migrations.AlterField("casesubmission", "grouped_by", models.CharField(choices=GROUPED_BY, max_length=10)),
        migrations.AddField("casesubmission", "origin", models.PositiveIntegerField(null=True)),
        migrations.AddConstraint(
            "casesubmission",
            models.CheckConstraint(
                condition=models.Q(("grouped_by__in", [code for code, _ in GROUPED_BY])), name="grouped_by_known"
            ),
        ),
        migrations.AddIndex("casesubmission", models.Index(fields=["case", "group"], name="case_groups")),
        migrations.CreateModel(
            name="GroupMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("text", "Text"),
                            ("link", "Link"),
                            ("network", "Network"),
                            ("minute", "Minute"),
                        ],
                        max_length=7,
                    ),
                ),
                ("value", models.BinaryField()),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="review.case"
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="intake.submission"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            "groupmark",
            models.UniqueConstraint(fields=("case", "kind", "value"), name="one_mark_a_value"),
        ),
    ]
