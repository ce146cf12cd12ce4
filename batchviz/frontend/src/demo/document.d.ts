// What a demonstration holds, as batchviz/exporters/demo/document.py writes it.

import type { Clocks, RecordedRun } from "../core/payload.js";

/** Where the members of a choice are compared. `at` is a place on the axis; null for their ends. */
export interface Verdict {
  unit: string;
  name: string;
  axis: "epochs" | "updates" | "seconds";
  at: number | null;
  headline: string;
  evidence: string;
}

/** What stands for a group beside the others of a choice. */
export type Look = Pick<RecordedRun, "label" | "color" | "dash" | "panel" | "end">;

export type Over = "batch_size" | "learning_rate" | "nothing";

/** Runs that are looked at together. What they differ in is "", and null as a number. */
export interface Choice {
  setup: number;
  over: Over;
  batch_size: string;
  examples: number | null;
  learning_rate: string;
  rate: number | null;
  runs: string[];
  /** By group. */
  looks: Record<string, Look>;
  note: string;
  /** At least one: that at the ends. */
  findings: Verdict[];
}

export interface Demo {
  setups: string[];
  choices: Choice[];
  runs: Record<string, RecordedRun>;
  clocks: Clocks;
  /** The number of the choice that is shown first. */
  first: number;
}
