"""The addresses below ``desk/`` where changes are written and sources are registered."""

from django.urls import path

from policy.views import desk_edit, desk_merge, desk_sources

urlpatterns = [
    path("new/", desk_edit.new, name="desk-new"),
    path("save/", desk_edit.save, name="desk-save"),
    path("check/", desk_edit.check, name="desk-check"),
    path("autosave/", desk_edit.autosave, name="desk-autosave"),
    path("changes/<int:pk>/edit/", desk_edit.edit, name="desk-edit"),
    path("changes/<int:pk>/merge/", desk_merge.merge, name="desk-merge"),
    path("changes/<int:pk>/build-on/", desk_merge.build_on, name="desk-build-on"),
    path("pick/<slug:what>/", desk_edit.pick, name="desk-pick"),
    path("sources/new/", desk_sources.new, name="desk-source-new"),
    path("sources/<slug:slug>/", desk_sources.source, name="desk-source"),
    path("sources/<slug:slug>/fetch/", desk_sources.fetch, name="desk-source-fetch"),
]
