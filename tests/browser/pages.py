"""The pages that the browser looks at: every page of the site, and what it says when it cannot."""

from django.core import signing

from tests.browser.serve import SECRET
from tests.site_map import PAGES

COMPARE = "/entities/compare/?from=2025-01-15&to=2025-01-16"
READING_PAGES = {
    **PAGES,
    "entities:compare": COMPARE,
    "lists:entry": "/lists/SDN/15268/",
    "lists:cross_check": "/lists/cross-check/?reason=NAME",
    "document with a conflict and a question": "/documents/2026-20001/",
}
# The key of a reader whom only this site has; see serve.py.
READER = "the-reader-of-the-browser-tests"
# Signed as a mail has it.
ANSWER = signing.dumps(
    [1, "ai-diffusion-comment", "2025-05-15"], key=SECRET, salt="policy.alerts.answers"
)
CALENDAR = "the-calendar-of-the-browser-tests"
FORMS = {
    "subscribe": "/subscribe/?subject=everything",
    "subscribe to a selection": "/subscribe/?subject=search&id=kind%3Dcomment%26q%3Dchips",
    "sent": "/subscribe/sent/",
    "manage": f"/subscribe/manage/{READER}/",
    "erase": f"/subscribe/manage/{READER}/erase/",
    "erased": "/subscribe/erased/",
    "answer to a date that has passed": f"/subscribe/answer/{ANSWER}/",
    "new calendar": "/calendars/?subject=rule&id=ai-diffusion",
    "calendar": f"/calendars/{CALENDAR}/",
    "sign in": "/account/sign-in/",
    "sign in and come back": "/account/sign-in/?next=%2Fstaff%2Fmails%2F",
    "password forgotten": "/account/password/forgotten/",
    "link sent": "/account/password/forgotten/sent/",
    "link not valid": "/account/password/new/1-x/",
    "password set": "/account/password/new/done/",
    "not active": "/account/inactive/",
    "cancelled": "/account/sign-in/cancelled/",
}
ERRORS = {
    "no such page": "/no-such-page/",
    "no such rule": "/rules/no-such-rule/",
    "not a day": "/rules/?on=2025-13-01",
}
STATES = {
    "nothing found": "/search/?q=qqqqzzzz",
    "nothing asked": "/search/",
    "empty list": "/entities/?q=qqqqzzzz",
    "another day": "/tiers/?on=2025-05-14",
    "a moment that cannot be read": "/history/changes/?about=/tiers/kh/&from=soon",
    "a page that nothing is known of": "/history/changes/?about=/no/such/page/",
    "which page": "/history/changes/",
    "history of a date": "/history/deadlinedate:ai-diffusion-comment/",
    "many entries": "/history/revisions/1/?page=3",
    "a dossier of nothing": "/dossiers/rules/ai-diffusion/?known=2026-01-01",
    "before the tiers": "/tiers/?on=2024-06-01",
    "another day and moment": "/?on=2025-05-14&known=2026-10-02",
    "before the record": "/?known=2026-01-01",
    "one group": "/tiers/?group=supplement-5-a",
    "a selection of dates": "/deadlines/?kind=comment&q=chips",
}
EVERY_PAGE = {**READING_PAGES, **FORMS, **STATES}
