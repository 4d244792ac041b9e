"""Nothing that gives one away: what may be shown of the tables of a release, and what must be held back with it.

`tables` says which cells there are and how they add up, `protect` holds cells back until no interval that can be
reckoned from what remains is narrower than the rules allow.
"""
