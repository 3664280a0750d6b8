"""Knowledge: articles, their search, and what nobody could answer yet."""
from kb_connector.knowledge.article import Article, Hit
from kb_connector.knowledge.store import ImportReport, Knowledge

__all__ = ["Article", "Hit", "ImportReport", "Knowledge"]
