"""Demo data: a shop with customers, orders and articles, to be looked at and thrown away."""
from kb_connector.demo.loading import load_demo, read_articles

__all__ = ["load_demo", "read_articles"]
