"""From a figure back to its print: find the figure that words mean, and collect every step of its way."""
