"""What a built warehouse gives to the outside: files for people and machines."""
