"""A failed run is told to the webhook, a real one on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from dagster import DagsterInstance, Failure, build_run_status_sensor_context, job, op

from pipelines.orchestration.sensors import WEBHOOK_VARIABLE, alert_on_failure


@pytest.fixture
def received() -> Iterator[tuple[str, list[dict[str, object]]]]:
    messages: list[dict[str, object]] = []

    class Webhook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            messages.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Webhook)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook", messages
    server.shutdown()


def fail_a_run(instance: DagsterInstance) -> None:
    @op
    def breaks() -> None:
        raise Failure(description="3 blocking dbt checks failed")

    @job
    def build_that_fails() -> None:
        breaks()

    result = build_that_fails.execute_in_process(instance=instance, raise_on_error=False)
    assert not result.success
    context = build_run_status_sensor_context(
        sensor_name="alert_on_failure",
        dagster_event=result.get_run_failure_event(),
        dagster_instance=instance,
        dagster_run=result.dagster_run,
    ).for_run_failure()
    alert_on_failure(context)


def test_a_failed_run_is_posted_with_its_step_and_its_reason(
    received: tuple[str, list[dict[str, object]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, messages = received
    monkeypatch.setenv(WEBHOOK_VARIABLE, address)
    with DagsterInstance.ephemeral() as instance:
        fail_a_run(instance)
    (message,) = messages
    assert message["job"] == "build_that_fails"
    assert message["steps"] == ["breaks"]
    assert message["reason"] == "3 blocking dbt checks failed"
    assert str(message["text"]).endswith("failed: 3 blocking dbt checks failed")


@pytest.mark.parametrize("address", ["", "file:///etc/passwd"])
def test_without_a_proper_address_nothing_is_sent(
    address: str, received: tuple[str, list[dict[str, object]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(WEBHOOK_VARIABLE, address)
    with DagsterInstance.ephemeral() as instance:
        fail_a_run(instance)
    assert received[1] == []
