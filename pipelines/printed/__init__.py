"""Printed words and numerals, as print has them; what they mean is staging's to say."""
