import { openFeeds } from '../../intel/feeds/feed-set.js';
import type { FeedEvent } from '../../intel/feeds/feed.js';
import type { IntelProvider } from '../../intel/provider.js';
import { createSafeBrowsing } from '../../intel/safe-browsing/safe-browsing.js';
import { createVirusTotal } from '../../intel/virustotal/virustotal.js';
import type { Log } from '../../log.js';
import { createHttpClient } from '../../net/http-client.js';
import type { RequestBudget } from '../../store/tables/detection/reputation.js';
import type { Store } from '../../store/store.js';
import { sharedBy } from './answer-cache.js';
import { ProviderDesk } from './provider-desk.js';
import { createReputation } from './reputation.js';
import type { Reputation } from './reputation.js';

/** As the settings of those names have it. */
export interface ReputationSettings {
  readonly safeBrowsingKey: string | null;
  readonly safeBrowsingUrl: string;
  readonly safeBrowsingPerMinute: number;
  readonly safeBrowsingPerDay: number;
  readonly virusTotalKey: string | null;
  readonly virusTotalUrl: string;
  readonly virusTotalPerMinute: number;
  readonly virusTotalPerDay: number;
  readonly feeds: readonly string[];
}

/** A report of VirusTotal lists every engine, and what it knows of a file besides. */
const LIMITS = { timeoutMs: 5000, maxBytes: 4 * 1024 * 1024 };

/** What the operator has given a key or a file for; null where that is nothing. Feed files have been read when it resolves. */
export async function openReputation(
  settings: ReputationSettings,
  parts: { readonly store: Store; readonly log: Log; readonly now?: () => number },
): Promise<Reputation | null> {
  const { store, log, now = () => performance.now() } = parts;
  const http = createHttpClient(LIMITS);
  const chosen = providersOf(settings, http);
  if (chosen.length === 0 && settings.feeds.length === 0) {
    await http.close();
    return null;
  }
  const stop = new AbortController();
  const shared = sharedBy(store);
  return createReputation({
    feeds: settings.feeds.length === 0 ? null : await openFeeds(settings.feeds, (event) => logFeed(log, event)),
    desks: chosen.map((choice) => new ProviderDesk({ ...choice, shared, log, now, signal: stop.signal })),
    close: async () => {
      stop.abort(new Error('postern is stopping'));
      await http.close();
    },
  });
}

function providersOf(
  settings: ReputationSettings,
  http: ReturnType<typeof createHttpClient>,
): readonly { readonly provider: IntelProvider; readonly budget: RequestBudget }[] {
  const { safeBrowsingKey, virusTotalKey } = settings;
  const chosen: { readonly provider: IntelProvider; readonly budget: RequestBudget }[] = [];
  if (safeBrowsingKey !== null) {
    chosen.push({
      provider: createSafeBrowsing({ key: safeBrowsingKey, baseUrl: settings.safeBrowsingUrl, http }),
      budget: { perMinute: settings.safeBrowsingPerMinute, perDay: settings.safeBrowsingPerDay },
    });
  }
  if (virusTotalKey !== null) {
    chosen.push({
      provider: createVirusTotal({ key: virusTotalKey, baseUrl: settings.virusTotalUrl, http }),
      budget: { perMinute: settings.virusTotalPerMinute, perDay: settings.virusTotalPerDay },
    });
  }
  return chosen;
}

function logFeed(log: Log, event: FeedEvent): void {
  if (event.kind === 'unreadable') log.warn(event, 'a feed file cannot be read; what it held before still counts');
  else log.info(event, 'a feed file has been read');
}
