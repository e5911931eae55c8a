"""Dossiers of listed parties, mounted under ``/dossiers/entities/``."""

from django.urls import path

from entities.views import dossiers

app_name = "dossiers"

urlpatterns = [path("<slug:slug>/", dossiers.entity, name="entity")]
