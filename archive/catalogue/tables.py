"""Every table, in one import: for migrations, and for whoever needs the whole catalogue."""

from archive.catalogue.authorities import Agency, Agent, Place, Term
from archive.catalogue.base import Base
from archive.catalogue.conditional import ConditionalList, ConditionalMember
from archive.catalogue.deliveries import HeldChange, Package, QuarantinedRow, ReportRow
from archive.catalogue.fixity import StoredObject
from archive.catalogue.keeping import Enquiry, KeptItem
from archive.catalogue.lexicon import Spelling
from archive.catalogue.outbox import DeadLetter, OutboxClaim, OutboxCursor, OutboxRow, Veto
from archive.catalogue.people import Account, AccountToken, AuditEvent, AuditHead, Grant
from archive.catalogue.personal import MaskingProgress, PersonalMark
from archive.catalogue.records import Page, Record, RecordFile, RecordPlace, RecordSubject
from archive.catalogue.sign_in import AccountSession, Assignment, Letter, RecoveryCode, SignInAttempt
from archive.catalogue.takedowns import TakedownRequest

__all__ = [
    "Account", "AccountSession", "AccountToken", "Agency", "Agent", "Assignment", "AuditEvent", "AuditHead", "Base",
    "ConditionalList", "ConditionalMember", "DeadLetter", "Enquiry", "Grant", "HeldChange", "KeptItem", "Letter",
    "MaskingProgress",
    "OutboxClaim", "OutboxCursor", "OutboxRow", "Package", "Page", "PersonalMark", "Place", "QuarantinedRow",
    "Record", "RecordFile", "RecordPlace", "RecordSubject", "RecoveryCode", "ReportRow", "SignInAttempt",
    "Spelling", "StoredObject", "TakedownRequest", "Term", "Veto",
]  # fmt: skip
