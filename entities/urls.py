"""The site map of the Entity List."""

from django.urls import path

from entities.views import entity, listings, split

app_name = "entities"

urlpatterns = [
    path("", listings.entity_list, name="list"),
    path("compare/", listings.comparison, name="compare"),
    path("<slug:slug>/", entity.entity, name="entity"),
    path("<slug:slug>/split/", split.split, name="split"),
]
