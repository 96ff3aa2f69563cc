import { postJson } from '../json.js';
import { send } from '../session.js';
import type { FeedbackList } from '../types.js';

const at = (id: string): string => `/scan/${encodeURIComponent(id)}/feedback`;

export type FeedbackKind = FeedbackList['items'][number]['kind'];

export const feedback = async (id: string): Promise<FeedbackList> =>
  (await (await send(at(id))).json()) as FeedbackList;

export async function giveFeedback(id: string, kind: FeedbackKind, comment: string): Promise<void> {
  await send(at(id), postJson({ kind, comment }));
}

export async function withdrawFeedback(id: string): Promise<void> {
  await send(at(id), { method: 'DELETE' });
}
