/** 8-bit channels; `alpha` 0..1. */
export interface Colour {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  readonly alpha: number;
}

export const WHITE: Colour = { red: 255, green: 255, blue: 255, alpha: 1 };
export const BLACK: Colour = { red: 0, green: 0, blue: 0, alpha: 1 };
export const LINK_BLUE: Colour = { red: 0, green: 0, blue: 238, alpha: 1 };

/** The names that mail uses; a rarer one counts as unknown, which hides nothing. */
const NAMED: Readonly<Record<string, string>> = {
  white: 'ffffff',
  black: '000000',
  snow: 'fffafa',
  ivory: 'fffff0',
  whitesmoke: 'f5f5f5',
  ghostwhite: 'f8f8ff',
  floralwhite: 'fffaf0',
  mintcream: 'f5fffa',
  azure: 'f0ffff',
  silver: 'c0c0c0',
  lightgrey: 'd3d3d3',
  lightgray: 'd3d3d3',
  gainsboro: 'dcdcdc',
  grey: '808080',
  gray: '808080',
  red: 'ff0000',
  green: '008000',
  blue: '0000ff',
  yellow: 'ffff00',
  navy: '000080',
  orange: 'ffa500',
  purple: '800080',
  maroon: '800000',
  teal: '008080',
};

/** A CSS colour, or an HTML colour attribute; null where it is none that is understood. */
export function parseColour(text: string): Colour | null {
  const value = text.trim().toLowerCase();
  if (value === 'transparent') return { ...BLACK, alpha: 0 };
  const hex = /^#?([0-9a-f]{3,8})$/.exec(NAMED[value] ?? value)?.[1];
  if (hex !== undefined) return fromHex(hex);
  const numbers = /^rgba?\(([^()]*)\)$/
    .exec(value)?.[1]
    ?.split(/[\s,/]+/)
    .filter((part) => part !== '');
  if (numbers === undefined || numbers.length < 3) return null;
  const [red = NaN, green = NaN, blue = NaN] = numbers.map((part) =>
    part.endsWith('%') ? parseFloat(part) * 2.55 : Number(part),
  );
  const fourth = numbers[3];
  const alpha = fourth === undefined ? 1 : fourth.endsWith('%') ? parseFloat(fourth) / 100 : Number(fourth);
  return [red, green, blue, alpha].every(Number.isFinite) ? { red, green, blue, alpha } : null;
}

function fromHex(hex: string): Colour | null {
  const wide = hex.length <= 4 ? hex.replace(/./g, '$&$&') : hex;
  if (wide.length !== 6 && wide.length !== 8) return null;
  const channel = (index: number): number => parseInt(wide.slice(index, index + 2), 16);
  return { red: channel(0), green: channel(2), blue: channel(4), alpha: wide.length === 8 ? channel(6) / 255 : 1 };
}

const NEAR = 14;

/** How text of one colour hides before another: 'same', 'near' where hardly anyone could read it, or null where it can be read. */
export function hides(text: Colour, background: Colour): 'same' | 'near' | null {
  if (text.alpha < 0.05) return 'same';
  const distance = Math.max(
    Math.abs(text.red - background.red),
    Math.abs(text.green - background.green),
    Math.abs(text.blue - background.blue),
  );
  if (distance === 0) return 'same';
  return distance <= NEAR ? 'near' : null;
}
