"""What went wrong is said until somebody does something else, not until the page draws itself anew."""

from streamlit.testing.v1 import AppTest

from tests.ui.notices import problems


def page() -> None:
    import streamlit as st

    from batchviz.ui.components import notices

    if problem := notices.take_report():
        notices.problem(problem)
    st.button("Refused", key="refused", on_click=notices.report, args=("**No.**",))
    st.button("Goes well", key="well")
    # As the chart does by itself, when a clock becomes known, and a class that goes on.
    st.button("By itself", key="by_itself", on_click=notices.keep_report)


def pressed(app: AppTest, key: str) -> list[str]:
    return problems(app.button(key=key).click().run())


def test_a_problem_stays_until_the_next_press():
    app = AppTest.from_function(page).run()
    assert pressed(app, "refused") == ["**No.**"]
    assert pressed(app, "by_itself") == ["**No.**"]
    assert pressed(app, "by_itself") == ["**No.**"]
    assert pressed(app, "well") == []
    assert pressed(app, "by_itself") == []
