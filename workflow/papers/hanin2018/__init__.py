"""Hanin & Rolnick, How to Start Training (NeurIPS 2018): the two failure modes."""

TITLE = "Failure modes (Hanin & Rolnick 2018)"
