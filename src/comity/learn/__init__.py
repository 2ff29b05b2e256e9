"""Learns from a newsroom's own decisions: an adapter, and what it is worth, label by label.

docs/learning.md tells how, what it costs and how to take it back. Nothing leaves the machine.
"""
