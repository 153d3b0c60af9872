"""Funds, programmes, recipients, batches, disbursements and the ledger: every đồng where it belongs."""
