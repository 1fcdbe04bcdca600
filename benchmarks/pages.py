"""Pages on a cheap phone, of a running demo: bytes over the wire with everything, first content on slow 3G; the public's and the worker's."""

import argparse
import statistics

from playwright.sync_api import Browser, BrowserContext, Page

from benchmarks.machine import stamp, table
from tests.stories.browsing import NARROW, chromium

SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
"""Slow 3G as browsers' tools name it: 400 ms there and back, 400 kilobits a second."""
PUBLIC = (
    "/", "/check/agency/", "/check/job-order/", "/check/country/", "/check/country/?country=SAU&job=", "/check/cost/",
    "/check/cost/?scheme=p_to_p&country=TWN&job=elderly_carer", "/check/card/", "/check/record/", "/desk/", "/desk/3212012007/", "/steps/",
    "/steps/p_to_p/", "/steps/g_to_g_germany/", "/worker/in/",
)  # fmt: skip
OWN = (
    "/worker/", "/worker/card/", "/worker/papers/", "/worker/costs/", "/worker/report/", "/worker/who/", "/worker/family/",
    "/worker/sign-in/", "/worker/sign-in/phone/",
)  # fmt: skip
WHO, MOST, GOAL_MS = "darnati", 50 * 1024, 2_000


def visitor(browser: Browser, address: str, language: str, *, own: bool) -> BrowserContext:
    """Open a narrow window in a language, signed in as a worker of the demo where it is her pages."""
    width, height = NARROW
    context = browser.new_context(base_url=address, viewport={"width": width, "height": height}, locale=language)
    page = context.new_page()
    page.goto("/")
    if own:
        page.goto("/demo/")
        page.locator(f"form[action='/demo/own/{WHO}/'] button").click()
        page.wait_for_url("**/worker/")
    if (button := page.locator(f"button[value={language}][aria-pressed=false]")).count():
        button.first.click()
        page.wait_for_load_state()
    page.close()
    return context


def weighed(page: Page, path: str) -> tuple[int, int]:
    """Open a page with an empty cache on a free line; give the bytes of all that came, headers too, and how many files."""
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    came: list[float] = []
    wire.on("Network.loadingFinished", lambda event: came.append(event["encodedDataLength"]))
    answer = page.goto(path)
    if answer is None or answer.status != 200:
        raise SystemExit(f"{path} answered {answer and answer.status}")
    page.wait_for_load_state("networkidle")
    wire.detach()
    return int(sum(came)), len(came)


def first_content(page: Page, path: str) -> int:
    """Open a page with an empty cache on slow 3G; give the milliseconds until something can be read."""
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    wire.send("Network.emulateNetworkConditions", SLOW)
    told = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
    page.goto(path)
    page.wait_for_function(told)
    wire.detach()
    return round(page.evaluate(told))


def run(asked: argparse.Namespace) -> bool:
    """Measure every page in both languages; give whether all are within the weight."""
    lines: list[dict[str, object]] = []
    with chromium() as browser:
        for own, paths in ((False, PUBLIC), (True, OWN)):
            rooms = {language: visitor(browser, asked.address, language, own=own) for language in ("id", "en")}
            for path in paths:
                line: dict[str, object] = {"page": path}
                for language, context in rooms.items():
                    page = context.new_page()
                    bytes_, files = weighed(page, path)
                    line |= {f"{language} bytes": bytes_, f"{language} files": files}
                    page.close()
                    times = []
                    for _ in range(asked.times):
                        page = context.new_page()
                        times.append(first_content(page, path))
                        page.close()
                    line[f"{language} first content ms"] = round(statistics.median(times))
                lines.append(line)
    print(f"{stamp()}\n\n{table(lines)}")
    heavy = [line["page"] for line in lines if max(int(str(line["id bytes"])), int(str(line["en bytes"]))) > MOST]
    late = [line["page"] for line in lines if max(int(str(line[f"{n} first content ms"])) for n in ("id", "en")) > GOAL_MS]
    print(f"\nheavier than {MOST // 1024} KB: {heavy or 'none'}; later than {GOAL_MS} ms: {late or 'none'}")
    return not heavy


def main() -> None:
    """Measure; end with 1 when a page is too heavy."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", help="of a running demo, such as http://localhost:8000")
    parser.add_argument("--times", type=int, default=3, help="how often each page is opened on slow 3G")
    raise SystemExit(0 if run(parser.parse_args()) else 1)


if __name__ == "__main__":
    raise SystemExit("run this with: python -m benchmarks pages ADDRESS")
