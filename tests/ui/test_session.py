"""How a page learns where its visitor came from, whatever ends a run of its script."""

from streamlit.testing.v1 import AppTest


def script() -> None:
    import streamlit as st

    from batchviz.ui import session

    session.open_page("runs")

    @session.on_coming
    def open_address() -> None:
        if session.follows_address():
            if st.session_state.get("ends"):
                st.session_state["ends"] = False
                st.rerun()  # as when the browser asks for another run: the rest is not done
            st.session_state["followed"] = [*st.session_state.get("followed", []), dict(st.query_params)]

    open_address()
    st.session_state["told"] = session.led_back(), session.comes()


def opened(**parameters: str) -> AppTest:
    app = AppTest.from_function(script)
    app.query_params.update(parameters)
    return app


def test_an_address_is_followed_once():
    app = opened(page="2").run()
    app.run()
    assert app.session_state["followed"] == [{"page": "2"}]
    assert app.session_state["told"] == (False, False)


def test_a_page_whose_first_run_was_ended_follows_its_address_in_the_next():
    app = opened(page="2")
    app.session_state["ends"] = True
    app.run()
    assert app.session_state["followed"] == [{"page": "2"}]


def test_back_is_followed_also_when_its_run_was_ended():
    app = opened().run()
    app.session_state["ends"] = True
    app.query_params.update(page="2", back="a")
    app.run()
    assert app.session_state["followed"] == [{"page": "2"}], "once, without the mark"
    assert app.session_state["told"] == (True, False)


def test_the_same_mark_is_followed_once_however_often_it_comes():
    app = opened().run()
    for mark in ("a", "a", "b"):
        app.query_params.update(page="2", back=mark)
        app.run()
    assert len(app.session_state["followed"]) == 2
