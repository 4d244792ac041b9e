"""`python -m pipelines` is the `gongfu` command."""

from pipelines.commands import main

main()
