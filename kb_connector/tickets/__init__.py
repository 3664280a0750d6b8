"""Tickets: `store.Tickets` is the way in; everything it decides stands in the pure files beside it."""
from kb_connector.tickets.complaint import Complaint, Fact, Issue, Risk
from kb_connector.tickets.store import Page, Tickets
from kb_connector.tickets.ticket import Ticket

__all__ = ["Complaint", "Fact", "Issue", "Page", "Risk", "Ticket", "Tickets"]
