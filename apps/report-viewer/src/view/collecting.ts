import { createContext } from "preact";
import type { Figure } from "../figures/figure.js";

/** A figure of the page before it is drawn. */
export interface FigureOfPage {
  readonly id: string;
  readonly title: string;
  /** How to read it. */
  readonly note: string;
  /** Method and metric, for the names of saved files. */
  readonly about?: string | undefined;
  /** Whether it needs the whole width of a printed page: it has many columns. */
  readonly wide?: boolean;
  /** Draws it at a width in pixels. Curves whose names are `hidden` are left out. */
  readonly draw: (width: number, hidden: ReadonlySet<string>) => Figure;
}

/** Receives the figures instead of drawing them; null in the page. */
export const Collecting = createContext<((figure: FigureOfPage) => void) | null>(null);
