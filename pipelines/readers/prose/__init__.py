"""Prose to printed figures: a bulletin, a work report or a practice article, read by rules that a statistician can follow.

The walk of a text, one module each: `reading` (characters as received to a text that reads on across page breaks),
`numerals` (numbers with their multipliers and units), `periods` and `places` (when and where), `left_alone` (digits that
are no figure), `outline` (headings, paragraphs, sentences), `lists` (what stands beside what), `kinds`, `subjects`
(what a figure is), `bulletin` (all of it in order). The words that the rules know stand in `rules/`, as tables.
"""
