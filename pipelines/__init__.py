"""The walk of a printed figure from raw/ to the published warehouse.

Importing this package loads nothing heavy: each step imports its own library when it runs.
"""
