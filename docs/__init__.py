"""Pages, and the script that renews what they show."""
