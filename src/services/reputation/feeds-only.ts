import { PosternError } from '../../errors.js';
import { openFeeds } from '../../intel/feeds/feed-set.js';
import { createReputation } from './reputation.js';
import type { Reputation } from './reputation.js';

/** Feed files alone, for whoever has no database and wants no network. Throws PosternError `file.unreadable`. */
export async function openFeedsOnly(paths: readonly string[]): Promise<Reputation> {
  const unreadable: string[] = [];
  const feeds = await openFeeds(paths, (event) => {
    if (event.kind === 'unreadable') unreadable.push(`${event.name} (${event.reason})`);
  });
  if (feeds.missing.length > 0) {
    throw new PosternError('file.unreadable', `A feed cannot be read: ${unreadable.join(', ')}.`);
  }
  return createReputation({ feeds, desks: [], close: () => Promise.resolve() });
}
