"""Comity: reader comments governed by one guidelines file that is published and enforced."""

__version__ = "0.1.0"
