"""The record's tables: identities, facts about them, events, and the outbox."""

from policy.models.acknowledgements import Acknowledgement
from policy.models.alerts import Alert, AlertContent
from policy.models.channels import Heartbeat, Incident, SourceCheck
from policy.models.dates import Deadline, DeadlineDate, FederalClosing
from policy.models.deliveries import SendAttempt
from policy.models.desk import Change, ChangeItem, Contribution
from policy.models.dockets import CommentCount, DocketDocument
from policy.models.facts import Confidence, Fact, FactQuerySet, Revision, fact_models
from policy.models.feeds import CalendarLink, Webhook, WebhookDelivery
from policy.models.history import HistoryEntry, Seal
from policy.models.holds import LegalHold, LiftedHold, ProposalRejection
from policy.models.identities import IDENTITIES, IdentityState, said_by
from policy.models.particulars import Particulars
from policy.models.people import AccountEvent, User
from policy.models.places import Country, CountryGroup
from policy.models.planning import DueMoment, DueSubject
from policy.models.proposals import Proposal
from policy.models.rules import (
    Docket,
    Document,
    DocumentFact,
    Enforcement,
    LegalForce,
    Provision,
    Rule,
    RuleDocument,
    Threshold,
)
from policy.models.sections import Amendment, Section, SectionText
from policy.models.source_texts import SourceRegistration, SourceText
from policy.models.sources import Coverage, RecordedItem, Snapshot, SnapshotContent, Source
from policy.models.subscriptions import Subscriber, Subscription, SubscriptionLead
from policy.models.text_fetches import FetchedText, TextFetch
from policy.models.voices import (
    Claim,
    Conflict,
    Event,
    Milestone,
    Organization,
    Person,
    Reaction,
)

__all__ = [
    "IDENTITIES",
    "AccountEvent",
    "Acknowledgement",
    "Alert",
    "AlertContent",
    "Amendment",
    "CalendarLink",
    "Change",
    "ChangeItem",
    "Claim",
    "CommentCount",
    "Confidence",
    "Conflict",
    "Contribution",
    "Country",
    "CountryGroup",
    "Coverage",
    "Deadline",
    "DeadlineDate",
    "Docket",
    "DocketDocument",
    "Document",
    "DocumentFact",
    "DueMoment",
    "DueSubject",
    "Enforcement",
    "Event",
    "Fact",
    "FactQuerySet",
    "FederalClosing",
    "FetchedText",
    "Heartbeat",
    "HistoryEntry",
    "IdentityState",
    "Incident",
    "LegalForce",
    "LegalHold",
    "LiftedHold",
    "Milestone",
    "Organization",
    "Particulars",
    "Person",
    "Proposal",
    "ProposalRejection",
    "Provision",
    "Reaction",
    "RecordedItem",
    "Revision",
    "Rule",
    "RuleDocument",
    "Seal",
    "Section",
    "SectionText",
    "SendAttempt",
    "Snapshot",
    "SnapshotContent",
    "Source",
    "SourceCheck",
    "SourceRegistration",
    "SourceText",
    "Subscriber",
    "Subscription",
    "SubscriptionLead",
    "TextFetch",
    "Threshold",
    "User",
    "Webhook",
    "WebhookDelivery",
    "fact_models",
    "said_by",
]
