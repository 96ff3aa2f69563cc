import { isIpAddress, toAsciiHost } from '../../mail/domains.js';
import { createFeed } from './feed.js';
import type { Feed, FeedEvent } from './feed.js';
import { keyOf } from './read-feed.js';
import { ipText, urlText } from './read-line.js';
import type { Listed } from './read-line.js';

export interface FeedHit {
  readonly feed: string;
  /** What the feed lists: the thing itself, or the domain or address that it belongs to. */
  readonly listed: Listed;
}

export interface FeedSet {
  /** Which feed lists it, the first in the given order; null where none does. */
  find(subject: Listed): FeedHit | null;
  /** Names of files that could not be read so far. */
  readonly missing: readonly string[];
}

/** How often the files are looked at, at most: when something is asked, never by itself. */
const LOOK_EVERY_MS = 15_000;

/** Opens the operator's feed files and reads them once. A file that is not there yet is read when it appears. */
export async function openFeeds(
  paths: readonly string[],
  tell: (event: FeedEvent) => void,
  now: () => number = () => performance.now(),
): Promise<FeedSet> {
  const feeds = paths.map((path) => createFeed(path, tell));
  await Promise.all(feeds.map((feed) => feed.refresh()));
  let looked = now();
  return {
    find(subject) {
      if (now() - looked >= LOOK_EVERY_MS) {
        looked = now();
        for (const feed of feeds) void feed.refresh();
      }
      const forms = formsOf(subject);
      for (const feed of feeds) {
        const listed = forms.find((form) => has(feed, form));
        if (listed !== undefined) return { feed: feed.name, listed };
      }
      return null;
    },
    get missing() {
      return feeds.filter(({ content }) => content === null).map(({ name }) => name);
    },
  };
}

function has({ content }: Feed, form: Listed): boolean {
  return content?.entries.has(keyOf(form)) === true;
}

/** Everything that would list the subject, the most exact first: a listed domain lists all hosts and links below it. */
function formsOf({ kind, value }: Listed): readonly Listed[] {
  switch (kind) {
    case 'sha256':
      return [{ kind, value: value.toLowerCase() }];
    case 'ip':
      return [{ kind, value: ipText(value) }];
    case 'domain':
      return domainForms(toAsciiHost(value));
    case 'url': {
      const text = urlText(value);
      if (text === null) return [];
      const [plain = ''] = text.split('?', 1);
      const host = text.slice(0, text.indexOf('/'));
      // Links carry personal tokens in their query; the page is the same without them.
      const urls = [...new Set([text, plain])].map((url) => ({ kind, value: url }));
      return [...urls, ...(isIpAddress(host) ? [{ kind: 'ip' as const, value: ipText(host) }] : domainForms(host))];
    }
  }
}

function domainForms(host: string): readonly Listed[] {
  const labels = host.split('.');
  return labels.slice(0, -1).map((_, index) => ({ kind: 'domain', value: labels.slice(index).join('.') }));
}
