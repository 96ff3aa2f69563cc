import type { Label } from '../../scanners/verdict.js';

/** Turns a text into the same with colour, or leaves it alone where there is none. */
type Brush = (text: string) => string;

export interface Paint {
  readonly bold: Brush;
  readonly dim: Brush;
  readonly underline: Brush;
  readonly accent: Brush;
  readonly good: Brush;
  readonly bad: Brush;
  /** The label's colour on text. */
  readonly label: Readonly<Record<Label, Brush>>;
  /** The label's colour as a ground. */
  readonly badge: Readonly<Record<Label, Brush>>;
}

/** From the 256-colour table, so that they read on light and on dark grounds. */
const COLOUR: Readonly<Record<Label, number>> = {
  safe: 29,
  suspicious: 172,
  spam: 67,
  phishing: 160,
  malware: 91,
  incomplete: 244,
};

/** Colour is never alone: each label has its shape and its word. */
export const SHAPE: Readonly<Record<Label, string>> = {
  safe: '✓',
  suspicious: '▲',
  spam: '■',
  phishing: '◆',
  malware: '✖',
  incomplete: '◌',
};

export function createPaint(colours: boolean): Paint {
  const brush =
    (open: string, close: string): Brush =>
    (text) =>
      colours && text !== '' ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  const each = (make: (colour: number) => Brush): Readonly<Record<Label, Brush>> => ({
    safe: make(COLOUR.safe),
    suspicious: make(COLOUR.suspicious),
    spam: make(COLOUR.spam),
    phishing: make(COLOUR.phishing),
    malware: make(COLOUR.malware),
    incomplete: make(COLOUR.incomplete),
  });
  return {
    bold: brush('1', '22'),
    dim: brush('2', '22'),
    underline: brush('4', '24'),
    accent: brush('38;5;30', '39'),
    good: brush('38;5;29', '39'),
    bad: brush('38;5;160', '39'),
    label: each((colour) => brush(`38;5;${colour}`, '39')),
    badge: each((colour) => brush(`1;97;48;5;${colour}`, '22;39;49')),
  };
}
