"""The site map of the policy pages."""

from django.urls import include, path

from policy.views import (
    account,
    calendars,
    deadlines,
    dockets,
    documents,
    dossiers,
    health,
    home,
    rules,
    search,
    sources,
    tiers,
    voices,
)

app_name = "policy"

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search_everything, name="search"),
    path("rules/", rules.rules, name="rules"),
    path("rules/<slug:slug>/", rules.rule, name="rule"),
    path("documents/", documents.documents, name="documents"),
    path("documents/<str:number>/", documents.document, name="document"),
    path("dockets/<str:number>/", dockets.docket, name="docket"),
    path("questions/", documents.questions, name="questions"),
    path("sections/<str:number>/", rules.section, name="section"),
    path("deadlines/", deadlines.deadlines, name="deadlines"),
    path("deadlines/<slug:slug>/", deadlines.deadline, name="deadline"),
    path("deadlines.ics", calendars.deadlines, name="calendar-deadlines"),
    path("deadlines/<slug:slug>.ics", calendars.deadline, name="calendar-deadline"),
    path("tiers/", tiers.tiers, name="tiers"),
    path("tiers/<slug:key>/", tiers.country, name="country"),
    path("reactions/", voices.reactions, name="reactions"),
    path("organisations/<slug:slug>/", voices.organization, name="organization"),
    path("claims/", voices.claims, name="claims"),
    path("sources/", sources.sources, name="sources"),
    path("sources/<slug:slug>/", sources.source, name="source"),
    path("dossiers/rules/<slug:slug>/", dossiers.rule, name="dossier-rule"),
    path("history/", include("policy.urls_history")),
    path("health/", health.page, name="health"),
    path("account/", account.account, name="account"),
    path("account/second-factor/needed/", account.second_factor, name="second-factor"),
    path("desk/", include("policy.urls_desk_edit")),
    path("staff/", include("policy.urls_staff")),
    path("desk/", include("policy.urls_desk")),
    path("feeds/", include("policy.urls_feeds")),
    path("calendars/", include("policy.urls_calendars")),
    path("subscribe/", include("policy.urls_subscriptions")),
]
