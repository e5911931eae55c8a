"""Forty editors at once: what they save over real HTTP, in pairs on one draft each.

Each opens the form, adds a mark of their own to the reason, lets it be saved as the page does by
itself, and waits as long as the page waits between two saves. Whoever is told that the other
was faster opens the form anew, as a person would.
"""

import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import requests

from tests.policy.desk.test_edit_pages import form_data
from tests.site_map import Shown

# What the form waits for after the last key before it saves: data-hx-trigger in edit.html.
PAUSE = 2.0
TIMEOUT = 30
TOLD = "has changed this since you opened it"


@dataclass
class Load:
    """What came of it: marks that were said to be saved, times of a save, answers gone wrong."""

    saved: dict[int, list[str]] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    refused: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def p95(self) -> float:
        """Of the saves, in seconds."""
        ordered = sorted(self.seconds)
        return ordered[int(len(ordered) * 0.95)]


@dataclass(frozen=True)
class Editor:
    """One of them: a session, the draft, and how often they save."""

    number: int
    site: str
    session: str
    draft: int
    saves: int

    def marks(self) -> Iterator[str]:
        return (f"editor {self.number} save {n}." for n in range(1, self.saves + 1))

    def work(self, load: Load) -> None:
        chance = random.Random(self.number)  # noqa: S311  # who comes when, not a secret
        with requests.Session() as browser:
            browser.trust_env = False
            # The server closes what rests for two seconds; a browser would ask anew by itself.
            browser.headers["Connection"] = "close"
            browser.cookies["sessionid"] = self.session
            time.sleep(chance.uniform(0, PAUSE))
            for mark in self.marks():
                self.save(mark, browser, load)
                time.sleep(chance.uniform(PAUSE, 1.5 * PAUSE))

    def save(self, mark: str, browser: requests.Session, load: Load) -> None:
        """Until it is saved: at most as often as another may come between."""
        for _ in range(10):
            data = self.opened(browser, load)
            if data is None:
                return
            data["why"] = f"{data['why']}\n{mark}".strip()
            answer = self.timed(browser, data, load)
            if answer is not None and TOLD not in answer:
                with load.lock:
                    load.saved.setdefault(self.draft, []).append(mark)
                return
            with load.lock:
                load.refused += 1
        load.wrong.append(f"{mark} was never saved")

    def opened(self, browser: requests.Session, load: Load) -> dict[str, str] | None:
        url = f"{self.site}/desk/changes/{self.draft}/edit/"
        answer = browser.get(url, timeout=TIMEOUT)
        if answer.status_code != requests.codes.ok:
            load.wrong.append(f"opening: {answer.status_code}")
            return None
        return form_data(Shown(url, answer.text))

    def timed(self, browser: requests.Session, data: dict[str, str], load: Load) -> str | None:
        token = browser.cookies.get("csrftoken", "")
        start = time.monotonic()
        answer = browser.post(
            f"{self.site}/desk/autosave/",
            data=data,
            headers={"HX-Request": "true", "HX-Target": "saved", "X-CSRFToken": token},
            timeout=TIMEOUT,
        )
        with load.lock:
            load.seconds.append(time.monotonic() - start)
            if answer.status_code >= requests.codes.bad_request:
                load.wrong.append(f"saving: {answer.status_code}")
        return answer.text if answer.ok else None


def together(editors: list[Editor]) -> Load:
    load = Load()
    with ThreadPoolExecutor(len(editors)) as pool:
        for done in [pool.submit(editor.work, load) for editor in editors]:
            done.result()
    return load
