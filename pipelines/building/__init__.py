"""One build in its order: what changed, the steps, the record of it."""
