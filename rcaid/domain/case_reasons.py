"""Why an application is rejected, as codes; the words stand among the sentences (BR-043)."""

from __future__ import annotations

from typing import Final

REJECTIONS: Final = {
    "outside": "the programme does not help in such a case",
    "residence": "the programme helps in other places only",
    "age": "the age is outside what the programme says",
    "income": "the means of the household are outside what the programme says",
    "disease": "the illness or its treatment is not among those of the programme",
    "papers": "papers that are needed are missing or have run out",
    "untrue": "what was stated did not prove true",
    "repeat": "the programme has helped for this before, and helps for one cause once",
    "cap": "the help of this year has reached what the programme allows",
    "other_help": "other help was given that excludes help by this programme",
    "no_need": "the need has passed or is met otherwise",
    "objection": "an objection to the public notice was found to be right",
}
"""The reasons there are, and what the applicant is told of each."""
