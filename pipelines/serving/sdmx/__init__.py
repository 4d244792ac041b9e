"""The published warehouse as an SDMX web service: structures, data and what is available, in the standard forms."""
