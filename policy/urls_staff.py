"""The addresses below ``staff/``; ``policy.permissions`` says who may open each."""

from django.urls import path

from policy.views import people, staff

urlpatterns = [
    path("mails/", staff.all_mails, name="staff-mails"),
    path("mails/<int:pk>/", staff.one_mail, name="staff-mail"),
    path("mails/<int:pk>/resend/", staff.resend, name="staff-resend"),
    path("mails/<int:pk>/cancel/", staff.cancel, name="staff-cancel"),
    path("people/", people.people, name="people"),
    path("people/new/", people.new, name="people-new"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/role/", people.role, name="person-role"),
    path("people/<int:pk>/deactivate/", people.deactivate, name="person-deactivate"),
    path("people/<int:pk>/reactivate/", people.reactivate, name="person-reactivate"),
    path("people/<int:pk>/second-factor/", people.second_factor, name="person-second-factor"),
    path("people/<int:pk>/link/", people.link, name="person-link"),
]
