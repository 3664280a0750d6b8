"""What `tingsu bench` is made of: the dialogues, the two servers, the load, the figures."""
