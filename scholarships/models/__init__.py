"""Money and those it is for. What the database can hold of the rules is held by constraints and triggers there."""

from scholarships.models.bank import BankLine, BankStatement
from scholarships.models.batch import Batch, BatchEvent, BatchFile
from scholarships.models.disbursement import Disbursement, DisbursementSum, GivingChange
from scholarships.models.donation import GIFT_LIMIT, NAMELESS, Donation
from scholarships.models.fund import Fund, FundAccount, LedgerEntry
from scholarships.models.hand_over import HandOver
from scholarships.models.paper import Certificate, Paper
from scholarships.models.programme import Allotment, Programme
from scholarships.models.recipient import Consent, Recipient, RecipientVerdict
from scholarships.models.review import BatchSight, RowRemark
from scholarships.models.sealing import SealedBlock
from scholarships.models.topup import TopUp

__all__ = [
    "GIFT_LIMIT",
    "NAMELESS",
    "Allotment",
    "BankLine",
    "BankStatement",
    "Batch",
    "BatchEvent",
    "BatchFile",
    "BatchSight",
    "Certificate",
    "Consent",
    "Disbursement",
    "DisbursementSum",
    "Donation",
    "Fund",
    "FundAccount",
    "GivingChange",
    "HandOver",
    "LedgerEntry",
    "Paper",
    "Programme",
    "Recipient",
    "RecipientVerdict",
    "RowRemark",
    "SealedBlock",
    "TopUp",
]
