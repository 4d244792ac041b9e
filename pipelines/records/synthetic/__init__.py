"""Synthetic records, named so: real ones are not public.

Everything here follows from a seed. The dirt is that of real deliveries: departments that disagree, late corrections,
missing items, zero land, negative value added, mixed units, impossible values, reviews without a case.
"""
