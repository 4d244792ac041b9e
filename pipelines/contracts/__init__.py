"""Pandera at the door: the shape of what a reader hands over, and nothing about meaning across rows."""
