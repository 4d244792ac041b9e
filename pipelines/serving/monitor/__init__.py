"""The monitor: a warehouse as static pages for people, in Chinese and English; one module a kind of page."""
