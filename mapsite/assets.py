"""Which static files are collected."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class Assets(StaticFilesConfig):
    """Static files without what no page of ours loads: browsable API, admin widgets, unminified sources.

    Each of them would be served to anybody, and compressing them took four fifths of the set-up's time.
    """

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "rest_framework",
        "gis",
        "*-src*",
        "*.esm.js*",
        *(
            "*.d.ts",
            "*.cjs*",
            "chunks",
            "chart.js",
            "chart.js.map",
            "chart.umd.js*",
            "helpers.js*",
        ),  # of Chart.js
    ]
