"""Listed entities as subjects that readers follow: told of each change to the list about them."""

from django.urls import reverse

from entities.models import Entity, ListedUnder, Listing, PartyName
from policy.models import Subscription
from policy.queries.subjects import Followed, SubjectKind


def find_entity(slug: str) -> Followed | None:
    entity = Entity.objects.filter(slug=slug).first()
    if entity is None:
        return None
    url = reverse("entities:entity", args=[entity.slug])
    return Followed(Subscription.Subject.ENTITY, entity.slug, name_of(entity), url)


def name_of(entity: Entity) -> str:
    """The newest name under which it is listed, as printed, or named inside another's listing."""
    for model, field in ((Listing, "name"), (ListedUnder, "name"), (PartyName, "text")):
        rows = model.objects.known(None).filter(entity=entity).order_by("-valid_from", "pk")
        name: str | None = rows.values_list(field, flat=True).first()
        if name:
            return name
    return entity.slug


ENTITY = SubjectKind(Subscription.Subject.ENTITY, find_entity)
