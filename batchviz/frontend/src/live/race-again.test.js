import assert from "node:assert/strict";
import { test } from "node:test";

import { RaceAgain } from "./race-again.js";

/** As much of a page as these buttons need. */
class Node {
  /** @type {Map<string, any>} */
  attributes = new Map();
  /** @type {(Node | string)[]} */
  children = [];
  hidden = false;
  /** @type {() => void} */
  click = () => {};

  /** @param {string} name @param {any} value */
  setAttribute(name, value) {
    this.attributes.set(name, value);
  }

  /** @param {string} _ @param {() => void} act */
  addEventListener(_, act) {
    this.click = act;
  }

  /** @param {(Node | string)[]} children */
  append(...children) {
    this.children.push(...children);
  }

  /** @param {(Node | string)[]} children */
  replaceChildren(...children) {
    this.children = children;
  }
}

Object.assign(globalThis, { document: { createElement: () => new Node() } });

const OFFERS = [
  { change: "updates", name: "same updates", title: "Trains 5 runs" },
  { change: "linear", name: "in proportion", title: "By the linear rule" },
];

function drawn() {
  /** @type {string[]} */
  const started = [];
  const again = new RaceAgain((change) => started.push(change));
  const node = /** @type {any} */ (again.node);
  return { again, node, started, buttons: () => /** @type {Node[]} */ (node.children.slice(1)) };
}

test("every race that is offered is one button, which says what it trains and starts that", () => {
  const { again, node, started, buttons } = drawn();
  again.draw({ lead: "Race again:", offers: OFFERS });
  assert.equal(node.hidden, false);
  assert.deepEqual(
    buttons().map(({ children, attributes }) => [children[0], attributes.get("data-hint")]),
    [
      ["same updates", "Trains 5 runs"],
      ["in proportion", "By the linear rule"],
    ],
  );
  buttons()[1].click();
  assert.deepEqual(started, ["linear"]);
});

test("without an offer nothing stands there, and the same offers keep their buttons", () => {
  const { again, node, buttons } = drawn();
  again.draw({ lead: "Race again:", offers: OFFERS });
  const [first] = buttons();
  again.draw({ lead: "Race again:", offers: [...OFFERS] });
  assert.equal(buttons()[0], first, "a button that was drawn anew would lose the press on it");
  again.draw(undefined);
  assert.equal(node.hidden, true);
  assert.deepEqual(buttons(), []);
});
