"""The addresses below ``subscribe/``; most open with a subscriber's token or a signed key."""

from django.urls import path

from policy.views import answers, manage, subscriptions, team

urlpatterns = [
    path("", subscriptions.subscribe, name="subscribe"),
    path("check/", subscriptions.check, name="subscribe-check"),
    path("team/", team.team, name="subscribe-team"),
    path("sent/", subscriptions.sent, name="subscribe-sent"),
    path("erased/", manage.erased, name="subscriber-erased"),
    path("answer/<str:key>/", answers.answer, name="subscription-answer"),
    path("confirm/<str:token>/<int:pk>/", subscriptions.confirm, name="subscription-confirm"),
    path("manage/<str:token>/", manage.manage, name="subscriptions"),
    path("manage/<str:token>/clock/", manage.clock, name="subscription-clock"),
    path("manage/<str:token>/erase/", manage.erase, name="subscriber-erase"),
    path("manage/<str:token>/<int:pk>/", manage.leads, name="subscription-leads"),
    path("resume/<str:token>/", manage.resume, name="subscription-resume"),
    path("unsubscribe/<str:token>/", manage.unsubscribe_all, name="unsubscribe-all"),
    path("unsubscribe/<str:token>/<int:pk>/", manage.unsubscribe, name="unsubscribe"),
]
