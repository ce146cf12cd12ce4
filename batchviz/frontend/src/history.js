// Streamlit pushes a history entry whenever the address changes. A page whose address follows its sliders would then
// trap its visitor: "back" leads to the last slider step, and the script at once pushes the present one again. So a
// change of the query alone replaces the entry; another page still gets one of its own.
if (!history.batchvizReplaces) {
  const push = history.pushState.bind(history);
  history.batchvizReplaces = true;
  history.pushState = (state, title, url) => {
    const same = url && new URL(url, location.href).pathname === location.pathname;
    return same ? history.replaceState(state, title, url) : push(state, title, url);
  };
}
