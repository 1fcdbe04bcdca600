"""Counts and times of requests by route, for Prometheus; never a path, a query or a person."""

import hmac
import os
import time
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY

from selaras.doors.guard import public
from selaras.doors.office.middleware import GetResponse
from selaras.ground.queries.watching import jobs_by_queue, unsealed_lines

REQUESTS = Counter("selaras_requests", "Requests answered.", ["route", "status"])
SECONDS = Histogram(
    "selaras_request_seconds",
    "Time to answer.",
    ["route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
# Whoever comes through a proxy of the same machine comes from its loopback too: these tell her from the machine's own.
FORWARDED = ("FORWARDED", "VIA", "X_REAL_IP", "X_FORWARDED_FOR", "X_FORWARDED_HOST", "X_FORWARDED_PROTO")


class Measured:
    """Counts and times each request under the name of its route."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and count the answer."""
        began = time.perf_counter()
        response = self.get_response(request)
        if not request.path_info.startswith(settings.STATIC_URL):
            # An address that is no route of ours is one label, whatever was typed.
            route = request.resolver_match.view_name if request.resolver_match else "none"
            REQUESTS.labels(route, response.status_code).inc()
            SECONDS.labels(route, response.status_code).observe(time.perf_counter() - began)
        return response


class Waiting:
    """Asks the database, when asked itself, what waits."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Give the gauges."""
        jobs = GaugeMetricFamily("selaras_jobs", "Jobs in the queue.", labels=["queue", "status"])
        for labels, count in sorted(jobs_by_queue().items()):
            jobs.add_metric(labels, count)
        yield jobs
        yield GaugeMetricFamily("selaras_ledger_unsealed_lines", "Ledger lines not sealed yet.", value=unsealed_lines())


def _may_see(request: HttpRequest) -> bool:
    wanted, given = settings.SELARAS_METRICS_TOKEN, request.headers.get("Authorization", "")
    if wanted and hmac.compare_digest(given.encode(), f"Bearer {wanted}".encode()):
        return True
    if settings.SELARAS_BEHIND_PROXY or any(f"HTTP_{name}" in request.META for name in FORWARDED):
        return False
    address = request.META.get("REMOTE_ADDR", "")
    return bool(address) and ip_address(address).is_loopback


@public
def metrics(request: HttpRequest) -> HttpResponse:
    """Give counts and times to the machine itself, or to whoever holds the token; to others it is not there."""
    if not _may_see(request):
        raise Http404("not there")
    asked: Any = CollectorRegistry()
    asked.register(Waiting())
    own = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:  # set by the web server: every process of it counts
        own = CollectorRegistry()
        MultiProcessCollector(own)
    return HttpResponse(generate_latest(own) + generate_latest(asked), content_type=CONTENT_TYPE_LATEST)
