"""The addresses below ``desk/``: the queue, a change and its steps, proposals, holds."""

from django.urls import path

from policy.views import desk, desk_proposals, desk_steps

urlpatterns = [
    path("", desk.queue, name="desk"),
    path("changes/<int:pk>/", desk.change, name="desk-change"),
    path("changes/<int:pk>/impact/", desk.impact, name="desk-impact"),
    path("changes/<int:pk>/emergency/", desk_steps.emergency, name="desk-emergency"),
    path("changes/<int:pk>/submit/", desk_steps.submit, name="desk-submit"),
    path("changes/<int:pk>/take-back/", desk_steps.take_back, name="desk-take-back"),
    path("changes/<int:pk>/return/", desk_steps.return_, name="desk-return"),
    path("changes/<int:pk>/approve/", desk_steps.approve, name="desk-approve"),
    path("changes/<int:pk>/discard/", desk_steps.discard, name="desk-discard"),
    path("changes/<int:pk>/restore/", desk_steps.restore, name="desk-restore"),
    path("changes/<int:pk>/review/", desk_steps.review, name="desk-review"),
    path("changes/<int:pk>/undo/", desk_steps.undo, name="desk-undo"),
    path("proposals/<int:pk>/", desk_proposals.proposal, name="desk-proposal"),
    path("proposals/accept/", desk_proposals.accept, name="desk-accept"),
    path("proposals/reject/", desk_proposals.reject, name="desk-reject"),
    path("conflicts/<slug:slug>/", desk_proposals.conflict, name="desk-conflict"),
    path("holds/", desk_proposals.holds, name="desk-holds"),
    path("holds/<int:pk>/lift/", desk_proposals.lift, name="desk-lift"),
]
