// What Python tells of runs: the answer of api/points, and what stands in a file that plays alone. The TypedDicts of
// batchviz/frontend/payload.py say the same; tests/frontend/test_feed.py holds both to one recorded answer.

/** A number, or what was not measured (or is not finite). */
export type Measured = number | null;

export type Status = "queued" | "running" | "done" | "stopped" | "failed" | "diverged";

export interface Plan {
  training_rows: number;
  validation_rows: number;
  updates_per_epoch: number;
  /** With `epochs`, null for a budget in seconds. */
  updates: number | null;
  epochs: number | null;
  parameters: number;
}

/** How far a run is. Updates, examples and seconds are null where an imported history does not say. */
export interface Progress {
  updates: number | null;
  examples: number | null;
  epochs: number;
  seconds: Measured;
  /** 0 ... 1 */
  fraction: number;
  remaining_seconds: Measured;
}

/** What is said of a run beside its points. */
export interface About {
  id: string;
  status: Status;
  reason: string;
  label: string;
  batch_size: number;
  color: { light: string; dark: string };
  /** In Plotly's words. */
  dash: string;
  /** What stands over the panel it is drawn in; "" where all share one. */
  panel: string;
  /** What its line is called where its panel says the rest; "" for all of its label. */
  end: string;
  group: string;
  seed: number;
  loss_name: string;
  metric_name: string;
  metric_higher_is_better: boolean;
  /** The best that is possible, where it is known. */
  floors: { loss?: number; metric?: number };
  floor_notes: { loss?: string; metric?: string };
  details: string;
  plan: Plan;
  progress: Progress;
  /** By name, such as best_val_loss; empty while it trains. */
  final: Record<string, Measured>;
}

/** Rows of epochs from row `from` on, as lists of equal length. */
export interface EpochRows {
  from: number;
  /** Above 1, rows stand for more of the `recorded` ones, and `number` says which each is, counted from 0. */
  stride: number;
  recorded: number;
  number?: Measured[];
  updates: Measured[];
  examples: Measured[];
  seconds: Measured[];
  loss: Measured[];
  metric: Measured[];
  train_loss: Measured[];
  train_metric: Measured[];
  val_loss: Measured[];
  val_metric: Measured[];
}

/** Updates, or buckets of `stride` of them, from row `from` on: little-endian float32 in base64. */
export interface UpdateRows {
  from: number;
  stride: number;
  loss: string;
  metric: string;
  /** The lowest and the highest of each bucket, where `stride` is above 1. */
  loss_min?: string;
  loss_max?: string;
  metric_min?: string;
  metric_max?: string;
}

/** A run and its points: all there are in a file that plays alone. */
export interface RecordedRun extends About {
  attempt: number;
  epochs: EpochRows;
  updates: UpdateRows;
}

/** A run, and those of its points that are new to whoever asked. */
export interface RunMessage extends RecordedRun {
  /** Whether what the asker has is of no use any more; so it is with another attempt. */
  reset: boolean;
  /** Runs ahead of it; null when it waits for nothing. */
  queue_position: number | null;
  /** Until it begins, about; null as above. */
  queue_seconds: number | null;
  /** Of what is said beside the points: whoever sends it back is not told the same again. */
  digest: string;
}

/** Updates before it, updates an epoch, seconds of an update over full batches, seconds of an epoch. */
export type Stretch = [start: number, updates: number, update: number, epoch: number];

/** What is said of one way of training beside an axis of seconds. */
export interface ClockState {
  note: string;
  /** Whether a clock can be asked for that nobody has asked for. */
  offer: boolean;
  /** Whether one is about to be measured. */
  awaited: boolean;
}

/** The answer of api/clocks. */
export interface Clocks {
  paths: { loop: ClockState; fit: ClockState };
  /** By id; null where no clock is known. */
  runs: Record<string, { loop: Stretch[] | null; fit: Stretch[] | null }>;
}

/** What has the colour, the dash and the panels. */
export interface Means {
  /** Which line stands for what; "" where colours alone tell. */
  note: string;
  /** What can be chosen, and how it is called; none where nothing differs. */
  questions: { color?: Option[]; dash?: Option[]; panels?: Option[] };
}

/** A value, and what it is called. */
export type Option = [value: string, name: string];

export interface Feed {
  version: number;
  engine: "ready" | "warming" | "down";
  /** What can be said of all these runs together. */
  sentence: string;
  /** What further training would settle more, as a button says it; empty for none. */
  offer: string;
  means: Means;
  /** The ids that are not known. */
  missing: string[];
  runs: RunMessage[];
}
