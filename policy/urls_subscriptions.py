"""The addresses below ``subscribe/``; all but the first two open with a subscriber's token."""

from django.urls import path

from policy.views import subscriptions

urlpatterns = [
    path("", subscriptions.subscribe, name="subscribe"),
    path("sent/", subscriptions.sent, name="subscribe-sent"),
    path("confirm/<str:token>/<int:pk>/", subscriptions.confirm, name="subscription-confirm"),
    path("manage/<str:token>/", subscriptions.manage, name="subscriptions"),
    path("manage/<str:token>/<int:pk>/", subscriptions.leads, name="subscription-leads"),
    path("resume/<str:token>/", subscriptions.resume, name="subscription-resume"),
    path("unsubscribe/<str:token>/", subscriptions.unsubscribe_all, name="unsubscribe-all"),
    path("unsubscribe/<str:token>/<int:pk>/", subscriptions.unsubscribe, name="unsubscribe"),
]
