import type { EvidencePlace, Link, LinkOrigin } from '../message.js';
import { canonicalise, destinationOf, parseAbsolute } from './canonical.js';
import type { Destination } from './canonical.js';
import { unwrap } from './unwrap.js';

/** A link before anyone looked at where it leads. */
export interface WrittenLink {
  readonly url: string;
  readonly text: string;
  readonly origin: LinkOrigin;
  readonly at: EvidencePlace;
}

type Target = Destination & Pick<Link, 'wrappers'>;

/** Turns written links into links. One for each message: addresses repeat, and finding out where they lead costs time. */
export class LinkMaker {
  private readonly targets = new Map<string, Target>();

  /** `base` is the document's base address, null where it has none. */
  constructor(private readonly base: string | null) {}

  make({ url, text, origin, at }: WrittenLink): Link {
    return { url, ...this.target(url), text, origin, at };
  }

  private target(url: string): Target {
    const known = this.targets.get(url);
    if (known !== undefined) return known;
    const target = targetOf(url, this.base);
    this.targets.set(url, target);
    return target;
  }
}

function targetOf(url: string, base: string | null): Target {
  const written = canonicalise(url, base);
  if (written.href === null || (written.scheme !== 'http' && written.scheme !== 'https'))
    return { ...written, wrappers: [] };
  const parsed = parseAbsolute(written.href);
  if (parsed === null) return { ...written, wrappers: [] };
  const { url: inner, wrappers } = unwrap(parsed);
  return wrappers.length === 0 ? { ...written, wrappers } : { ...destinationOf(inner), wrappers };
}
