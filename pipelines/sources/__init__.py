"""What a source says of itself: its card, its ledger of corrections, and the names of its figures."""
