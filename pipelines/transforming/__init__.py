"""dbt: what to run, its checks and what they found."""
