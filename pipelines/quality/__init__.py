"""Quality that people can see: the expectations' report, the summary page, and what both are made from.

The checks themselves live where design.md puts them: at the door (pipelines/contracts), in dbt (dbt_project), in the
audit (dbt_project/models/quality). Here they are brought before a reader.
"""
