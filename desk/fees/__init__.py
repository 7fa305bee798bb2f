"""Fees: the tariff, what a request costs, the ledger of what was paid, receipts, the bank's statements.

No amount stands in code (config/desk/fees.tsv).  Every đồng that comes in is in one place only: a payment of a bill, or
on the list of money that staff have to place (docs/decisions/0037).
"""
