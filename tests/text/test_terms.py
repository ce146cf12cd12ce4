"""The cards of terms: two short sentences, a picture, an example that trains; and everything else says the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from batchviz.experiment.limits import MAX_RUNS_SHOWN
from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec
from batchviz.figures.terms import PICTURES
from batchviz.text import hints
from batchviz.text.term_places import CONTROLS, FIELDS, pieces
from batchviz.text.terms import TERMS

GLOSSARY = (Path(__file__).parents[2] / "docs/glossary.md").read_text(encoding="utf-8")
EVERY = pytest.mark.parametrize("key", TERMS)
MOST_CHARACTERS = 200


@EVERY
def test_a_card_is_two_short_sentences(key: str) -> None:
    term = TERMS[key]
    for sentence in (term.what, term.expect):
        assert re.fullmatch(r"[A-Z].*\.", sentence)
        assert len(re.findall(r"[.!?](?:\s|$)", sentence)) == 1
    assert len(term.text) <= MOST_CHARACTERS


@EVERY
def test_a_card_has_a_picture_and_an_example_that_a_chart_holds(key: str) -> None:
    term = TERMS[key]
    assert term.picture in PICTURES
    assert 1 <= len(term.example) <= MAX_RUNS_SHOWN
    assert len({spec.hash for spec in term.example}) == len(term.example)
    plans = [plan_for(spec) for spec in term.example]
    assert len({plan.loss_name for plan in plans}) == 1, "one axis holds them all"
    assert sum(plan.updates or 0 for plan in plans) <= 50_000, "nobody waits long for an example"


def test_the_picture_of_no_term_is_drawn() -> None:
    assert set(PICTURES) == {term.picture for term in TERMS.values()}


@EVERY
def test_the_glossary_says_of_a_term_what_its_card_says(key: str) -> None:
    term = TERMS[key]
    entries = {
        name: " ".join(text.split())
        for name, text in re.findall(r"^\*\*(.+?)\.\*\* (.*?)(?=\n\n|\Z)", GLOSSARY, re.MULTILINE | re.DOTALL)
    }
    assert term.name in entries
    assert entries[term.name].startswith(term.text)


@pytest.mark.parametrize("field", FIELDS)
def test_the_question_mark_of_a_control_that_is_a_term_says_what_the_card_says(field: str) -> None:
    assert hints.FIELDS[field] == TERMS[FIELDS[field]].text


def test_every_control_of_the_form_opens_a_card() -> None:
    without = {"rows"}  # a number of examples, which explains itself
    assert {f"field_{name}" for name in RunSpec.model_fields if name not in without} <= set(CONTROLS)
    assert set(CONTROLS.values()) <= set(TERMS)


def test_a_sentence_is_cut_at_the_terms_in_it_and_loses_nothing() -> None:
    sentence = (
        "Validation loss: 8 and 9 are not distinguishable with 10 seeds; not distinguishable is no MAE."
    )
    cut = list(pieces(sentence))
    assert "".join(piece.text for piece in cut) == sentence
    assert [piece for piece in cut if piece.key] == [
        ("Validation loss", "validation_loss"),
        ("not distinguishable", "not_distinguishable"),
        ("MAE", "mae"),
    ]


@pytest.mark.parametrize("sentence", ["", "The mse-like name RMSEL and the maestro are no terms."])
def test_a_part_of_a_word_is_no_term(sentence: str) -> None:
    assert not [piece for piece in pieces(sentence.replace("mse-like", "like")) if piece.key]


def test_a_phrase_means_one_term() -> None:
    phrases = [phrase.lower() for term in TERMS.values() for phrase in term.phrases]
    assert len(set(phrases)) == len(phrases)
