"""The walk of a printed figure from raw/ to the published warehouse.

Importing this package loads nothing heavy: each step imports its own library when it runs. It tells Dagster, dbt and
Great Expectations to report to nobody, before any of them is loaded; `.env` tells it to `dagster dev`, which starts
without this package.
"""

import os

REPORT_TO_NOBODY = {
    "DAGSTER_DISABLE_TELEMETRY": "yes",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
}
os.environ.update(REPORT_TO_NOBODY)
