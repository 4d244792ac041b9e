"""The national bureau's data site as a Dagster resource, for whoever wants to fetch from it; no build asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dagster import ConfigurableResource

from pipelines.project import current

if TYPE_CHECKING:
    from pipelines.download.statistics_site import StatisticsSite


class StatisticsSiteResource(ConfigurableResource):  # type: ignore[type-arg]
    """How the site is asked.

    Attributes:
        address: of the API; empty for the bureau's own.
        folder: where answers are kept, from the warehouse folder.
        seconds_between: pause between two requests at least.
        tries: how often one question is asked before giving up.
    """

    address: str = ""
    folder: str = "downloads"
    seconds_between: float = 2.0
    tries: int = 6

    def site(self) -> StatisticsSite:
        """Ready to be asked; needs the extra `download` (httpx, tenacity)."""
        from pipelines.download.statistics_site import ADDRESS, StatisticsSite

        return StatisticsSite(
            folder=current().warehouse / self.folder,
            address=self.address or ADDRESS,
            seconds_between=self.seconds_between,
            tries=self.tries,
        )
