"""Every question to a built warehouse, whether published, earlier or being built: typed in, typed out."""
