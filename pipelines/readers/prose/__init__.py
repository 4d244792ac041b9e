"""Prose to printed figures: bulletins, work reports and practice articles, by rules that a statistician can follow.

The walk of a text, one module each:

- `documents` opens the file, `reading` gives the text that reads on across page breaks, each character with its origin
- `numerals`, `ranks`, `ratios` find numbers; `periods`, `places` find when and where; `scopes` what headings give
- `refusals`, `left_alone` say what is no figure, and why
- `lists` puts numbers beside subjects; `kinds`, `naming`, `subjects`, `governing` say what each figure is
- `bulletin` does it all in order; `output`, `page` show it

The words that the rules know stand in `rules/`, as tables.
"""
