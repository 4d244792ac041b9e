"""The rules by which counties evaluate firms: data that somebody typed from a published text, not ours.

`language` says what a rule may say, `check` finds what cannot be right in one, `plan` hands it to the dbt models.
"""
