"""Dagster orders the steps of a build and shows them; what the steps do lies in pipelines/building."""
