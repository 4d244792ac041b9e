"""Fetching answers from statistical sites, politely and once; nothing here is needed to build."""
