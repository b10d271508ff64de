"""Months of the desk are told of cases and of schools' requests: a row of each, which names what it is of."""

from django.db import migrations, models

# Django can describe a key of two columns and not make one of a table that has another.
KEYS = """
ALTER TABLE record_deskmonth ADD COLUMN work varchar(8) NOT NULL DEFAULT 'cases';
ALTER TABLE record_deskmonth ALTER COLUMN work DROP DEFAULT;
ALTER TABLE record_deskmonth DROP CONSTRAINT record_deskmonth_pkey, ADD PRIMARY KEY (month, work);
"""
BACK = """
DELETE FROM record_deskmonth WHERE work <> 'cases';
ALTER TABLE record_deskmonth DROP COLUMN work, ADD PRIMARY KEY (month);
"""


class Migration(migrations.Migration):
    dependencies = [("record", "0032_pauses")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(KEYS, BACK)],
            state_operations=[
                migrations.AlterModelOptions("deskmonth", {"ordering": ["work", "month"]}),
                migrations.AddField(
                    "deskmonth",
                    "work",
                    models.CharField(choices=[("cases", "Cases"), ("requests", "Requests")], max_length=8),
                ),
                migrations.AlterField("deskmonth", "month", models.DateField()),
                migrations.AddField(
                    "deskmonth",
                    "pk",
                    models.CompositePrimaryKey(
                        "month", "work", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            "deskmonth",
            models.CheckConstraint(
                condition=models.Q(("work__in", ["cases", "requests"])), name="desk_work_known"
            ),
        ),
    ]
