// Mounts the player on those of the page's runs that are chosen, and follows the reader's light or dark.

import { readTheme } from "../chart/theme.js";
import { only } from "../core/dom.js";
import { mount } from "../live/index.js";
import { library } from "../live/run-list.js";
import { keep, unpacked } from "../offline/embedded.js";
import { BrowserTraining } from "./browser-training.js";
import { Choices } from "./choices.js";
import { Chooser } from "./chooser.js";
import { TrainingPanel } from "./training-panel.js";

const root = only(document, ".batchviz-choices");
/** @type {import("./document.js").Demo} */
const demo = JSON.parse(await unpacked("batchviz-demo"));
keep("batchviz-clocks", demo.clocks);

const choices = new Choices(demo.choices, demo.first);
const training = new BrowserTraining(
  demo,
  (run) => {
    const { message } = run;
    keep(`batchviz-run-${run.id}`, message);
    library.get(run.id)?.apply(message);
  },
  () => draw(),
);
const panel = new TrainingPanel(
  training,
  () => draw(),
  (size) => training.train(choices.chosen, size),
);
root.append(panel.node);
const chooser = new Chooser(root, demo.setups, (change) => {
  choices.choose(change);
  draw();
});

/** @param {boolean} [play] from the start line */
function draw(play = false) {
  const { chosen, verdict } = choices;
  for (const id of chosen.runs) {
    const run = demo.runs[id];
    keep(`batchviz-run-${id}`, { ...run, ...chosen.looks[run.group] });
  }
  keep("batchviz-sentence", verdict.evidence);
  keep("batchviz-means", chosen.note);
  readTheme(root);
  chooser.draw(choices);
  panel.draw(
    chosen,
    chosen.runs.map((id) => demo.runs[id].batch_size),
  );
  const { axis, at } = verdict;
  const data = {
    key: "demo",
    runs: [...chosen.runs, ...training.ids(chosen)],
    recorded: true,
    moment: { of: demo.choices.indexOf(chosen), axis, at, play },
  };
  const component = { parentElement: only(document, "main"), data, setTriggerValue: () => {} };
  mount(component, new URL(document.baseURI));
}

draw(true);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => draw());
