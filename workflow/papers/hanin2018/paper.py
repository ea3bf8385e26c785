"""Hanin & Rolnick, How to Start Training (NeurIPS 2018): the two failure modes."""

#: Where it stands among the papers.
POSITION = 2
TITLE = "Failure modes (Hanin & Rolnick 2018)"
