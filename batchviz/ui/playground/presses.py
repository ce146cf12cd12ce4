"""Train, Race and Stop: acted on before anything of the page is drawn, so that the first point need not wait for it."""

from __future__ import annotations

import streamlit as st

from batchviz.analysis.race import further_seeds
from batchviz.experiment.plan import plan_for
from batchviz.text import race as race_text
from batchviz.ui.components import notices
from batchviz.ui.playground import actions, form, machine
from batchviz.ui.playground.form import FormState
from batchviz.ui.playground.race import Race, race_of_form
from batchviz.ui.session_state import AWAITED, MEASURE_INSIDE, PRESSED, RACE_MENU


def press_train(answers: FormState) -> None:
    """Train what the form says, every seed of it."""
    PRESSED.set("train")
    _act_at_once(answers)


def press_race(answers: FormState) -> None:
    """Race what form and menu say. The menu is closed: it would cover the chart."""
    RACE_MENU.set(False)
    PRESSED.set("race")
    _act_at_once(answers)


def act(answers: FormState) -> None:
    """What was pressed and could not be acted on at once, because the form has other answers than it was drawn with."""
    if PRESSED.get() and form.answered() != answers.answered:
        st.rerun()  # this run of the script draws the page without the form
    _act(answers)


def _act_at_once(answers: FormState) -> None:
    """A change of the form may come with the press, in one message: then both are for a whole run of the script."""
    if form.answered() == answers.answered:
        _act(answers)


def _act(answers: FormState) -> None:
    pressed = PRESSED.pop()
    if answers.spec is None or not answers.trainable:
        return
    if pressed == "train":
        actions.train(answers.replicates(answers.spec), inside_epochs=MEASURE_INSIDE.get())
    elif pressed == "race" and (race := race_of_form(answers)):
        _race(race)


def _race(race: Race) -> None:
    """Every member's first seed, then, behind whatever anybody waits for, the others."""
    actions.train(race.first, race.further, inside_epochs=MEASURE_INSIDE.get())
    if race.further and AWAITED.get():  # else all of it was trained before
        seeds = 1 + len(race.further) // len(race.first)
        plans = [plan_for(spec) for spec in race.first]
        notices.mention(race_text.background(further_seeds(plans, seeds, machine.for_specs(race.first))))
