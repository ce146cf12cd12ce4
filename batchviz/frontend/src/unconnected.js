// A network that lets no websocket through leaves Streamlit's page without a server. It is told, and led to the page
// that needs none. In the head of the page, as history.js.

{
  const SECONDS = 10; // without a connection, once Streamlit is there
  let waited = 0;
  const watch = setInterval(() => {
    const app = document.querySelector("[data-testid=stApp]");
    if (!(app instanceof HTMLElement)) return;
    const connected = app.dataset.testConnectionState === "CONNECTED";
    if (connected) {
      clearInterval(watch);
      document.getElementById("batchviz-unconnected")?.remove();
    } else if (++waited === SECONDS) tell();
  }, 1000);

  const tell = () => {
    const said = document.createElement("p");
    said.id = "batchviz-unconnected";
    said.setAttribute("role", "status");
    said.style.cssText =
      "position: fixed; inset: auto 12px 12px; z-index: 1000010; max-width: 60ch; margin: 0 auto; padding: 12px 16px; " +
      "border-radius: 10px; background: #262a31; color: #f5f5f3; font: 15px/1.45 system-ui, sans-serif;";
    const link = document.createElement("a");
    // Beside each of the app's addresses.
    link.href = new URL("api/demo.html", location.href).href;
    link.textContent = "Open the recorded race instead";
    link.style.color = "#a9b4ff";
    said.append(
      "No live connection yet: nothing can be trained without one, and a network may be blocking websockets. ",
      link,
      ", which needs none.",
    );
    document.body.append(said);
  };
}
