"""The health report of one firm: what it was measured by, where it stands, and what the next grade asks for."""
