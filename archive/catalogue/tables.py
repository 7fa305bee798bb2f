"""Every table, in one import: for migrations, and for whoever needs the whole catalogue."""

from archive.catalogue.authorities import Agency, Agent, Place, Term
from archive.catalogue.base import Base
from archive.catalogue.conditional import ConditionalList, ConditionalMember
from archive.catalogue.consents import Consent
from archive.catalogue.copies import IssuedCopy
from archive.catalogue.corrections import LineCorrection
from archive.catalogue.deliveries import (
    Accession,
    Handover,
    HeldChange,
    Package,
    QuarantinedRow,
    RegisterMapping,
    ReportRow,
)
from archive.catalogue.evidence import Evidence
from archive.catalogue.fees import Bill, BillLine, Payment, Receipt, ReceiptYear, StatementLine, UnmatchedMoney
from archive.catalogue.fixity import StoredObject
from archive.catalogue.keeping import Enquiry, KeptItem
from archive.catalogue.lexicon import Spelling
from archive.catalogue.outbox import DeadLetter, IndexRebuild, IndexSweep, OutboxClaim, OutboxCursor, OutboxRow, Veto
from archive.catalogue.people import Account, AccountToken, AuditEvent, AuditHead, Grant, PersonClosure
from archive.catalogue.personal import MaskingProgress, PersonalMark
from archive.catalogue.reading import FileSignature, Proposal, RecognitionTask
from archive.catalogue.reading_room import Appointment, Loan
from archive.catalogue.recordings import Recording
from archive.catalogue.records import Page, Record, RecordFile, RecordPlace, RecordSubject
from archive.catalogue.requests import (
    Delegation,
    ReadingRequest,
    RequestConsent,
    RequestDraft,
    RequestEvent,
    RequestItem,
    RequestStep,
)
from archive.catalogue.sign_in import AccountSession, Assignment, Letter, RecoveryCode, SignInAttempt
from archive.catalogue.takedowns import TakedownRequest
from archive.catalogue.themes import Departure, Theme, ThemePiece

__all__ = [
    "Accession", "Account", "AccountSession", "AccountToken", "Agency", "Agent", "Appointment", "Assignment",
    "AuditEvent", "AuditHead", "Base", "Bill", "BillLine", "ConditionalList", "ConditionalMember", "Consent",
    "DeadLetter", "Delegation", "Departure", "Enquiry", "Evidence", "FileSignature", "Grant", "Handover", "HeldChange",
    "IndexRebuild", "IndexSweep", "IssuedCopy", "KeptItem", "Letter", "LineCorrection", "Loan", "MaskingProgress",
    "OutboxClaim", "OutboxCursor", "OutboxRow", "Package", "Page", "Payment", "PersonClosure", "PersonalMark",
    "Place", "Proposal", "QuarantinedRow", "ReadingRequest", "Receipt", "ReceiptYear", "RecognitionTask", "Record",
    "RecordFile", "RecordPlace", "RecordSubject", "Recording", "RecoveryCode", "RegisterMapping", "ReportRow",
    "RequestConsent", "RequestDraft", "RequestEvent", "RequestItem", "RequestStep", "SignInAttempt", "Spelling",
    "StatementLine", "StoredObject", "TakedownRequest", "Term", "Theme", "ThemePiece", "UnmatchedMoney", "Veto",
]  # fmt: skip
