"""The addresses below ``staff/``; ``policy.permissions`` says who may open each."""

from django.urls import path

from policy.views import staff

urlpatterns = [
    path("mails/", staff.all_mails, name="staff-mails"),
    path("mails/<int:pk>/", staff.one_mail, name="staff-mail"),
    path("mails/<int:pk>/resend/", staff.resend, name="staff-resend"),
    path("mails/<int:pk>/cancel/", staff.cancel, name="staff-cancel"),
]
