"""The company's records behind small interfaces: tickets, knowledge, customers, remedies, policy."""
