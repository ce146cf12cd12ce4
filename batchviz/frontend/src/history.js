// Streamlit pushes a history entry whenever the address changes. A page whose address follows its sliders would then
// trap its visitor: "back" leads to the last slider step, and the script at once pushes the present one again. So a
// change of the query alone replaces the entry; another page still gets one of its own.

{
  /** @type {History & { batchvizReplaces?: boolean }} */
  const entries = history;
  if (!entries.batchvizReplaces) {
    const push = entries.pushState.bind(entries);
    entries.batchvizReplaces = true;
    entries.pushState = (state, title, url) => {
      const same = url && new URL(url, location.href).pathname === location.pathname;
      return same ? entries.replaceState(state, title, url) : push(state, title, url);
    };
  }
}
