"""From a folder under raw/ to Parquet: the door, the code lists, the landing."""
