// What we use of Plotly.js: its own types describe ten times as much, and come with a package that nothing here needs.

export interface PlotlyFigure {
  data: object[];
  layout: Record<string, any>;
}

export interface Plotly {
  react(node: HTMLElement, data: object[], layout: object, config: object): Promise<unknown>;
  purge(node: HTMLElement): void;
  downloadImage(
    figure: PlotlyFigure,
    options: { format: "png" | "svg"; width: number; height: number; scale: number; filename: string },
  ): Promise<string>;
}

/** The element that Plotly has drawn into. */
export interface PlotlyElement extends HTMLDivElement {
  on(event: "plotly_relayout" | "plotly_relayouting", listener: (change: Record<string, any>) => void): void;
}

declare global {
  interface Window {
    Plotly?: Plotly;
  }
}
