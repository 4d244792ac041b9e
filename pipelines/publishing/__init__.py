"""Beside, check, swap: the only place that touches `warehouse/gongfu.duckdb`."""
