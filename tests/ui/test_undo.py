"""Deleting with a way back, once for runs, boards and data: what is said when the store refuses."""

from streamlit.testing.v1 import AppTest

from tests.ui.notices import problems


def page() -> None:
    import streamlit as st

    from batchviz.errors import StoreError
    from batchviz.ui import session
    from batchviz.ui.components import notices
    from batchviz.ui.components.undo import Deletion
    from batchviz.ui.session_state import Key

    def refuse(name: str) -> str:
        if st.query_params.get("locked") == "yes":
            raise StoreError("The database is locked.")
        return name

    session.open_page(st.query_params.get("page", ""))
    if problem := notices.take_report():
        notices.problem(problem)
    stays = st.query_params.get("stays") == "yes"
    deletion = Deletion(Key("gone", None), delete=refuse, restore=refuse, stays=stays)
    st.button("Delete", key="delete", on_click=deletion.carry_out, args=("**x**",))
    deletion.draw(lambda name: st.text(f"{name} is deleted."))


def opened(**parameters: str) -> AppTest:
    app = AppTest.from_function(page)
    app.query_params.update(parameters)
    return app.run()


def told(app: AppTest) -> list[str]:
    return [text.value for text in app.text]


def test_what_is_deleted_is_told_and_comes_back():
    app = opened()
    assert told(app) == []
    app.button(key="delete").click().run()
    assert told(app) == ["**x** is deleted."]
    app.button(key="gone_undo").click().run()
    assert told(app) == []


def test_what_could_not_be_deleted_offers_nothing_to_undo():
    app = opened(locked="yes")
    app.button(key="delete").click().run()
    assert problems(app) == ["The database is locked."]
    assert told(app) == []


def test_what_could_not_be_brought_back_is_still_offered():
    app = opened()
    app.button(key="delete").click().run()
    app.query_params["locked"] = "yes"
    app.button(key="gone_undo").click().run()
    assert problems(app) == ["The database is locked."]
    assert told(app) == ["**x** is deleted."]


def test_the_way_back_ends_when_the_page_is_left_unless_it_stays_until_closed():
    for stays, after in (("no", []), ("yes", ["**x** is deleted."])):
        app = opened(stays=stays)
        app.button(key="delete").click().run()
        app.query_params["page"] = "another"
        app.run()
        assert told(app) == after
    app.button(key="gone_close").click().run()
    assert told(app) == []
