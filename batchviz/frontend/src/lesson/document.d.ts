// What a lesson's file holds, as batchviz/exporters/lesson/page.py writes it.

export type Relation = "lower" | "higher" | "same" | "open";

export interface Question {
  /** predict, see, also1 and so on, why, check. */
  key: string;
  kind: "order" | "pick" | "place";
  lower_wins: boolean;
  right: string;
  within: number;
  /** Whether runs decide it, rather than `right`. */
  measured: boolean;
  /** By option; null where nothing is known, or a run diverged. */
  values: Record<string, number | null>;
  pairs: [string, string, Relation][];
}

export interface LessonFile {
  id: string;
  preset: Record<string, string | number | boolean>;
  questions: Question[];
}

/** Of an order the place of every option; of a pick a key; of a place a number; null: cannot tell. */
export type Answer = Record<string, number> | string | number | null;
