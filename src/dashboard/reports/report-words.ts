import type { ReportGroup, ReportPage } from '../api/types.js';

type Report = ReportPage['items'][number];

export const DECISION_WORDS: Readonly<Record<NonNullable<ReportGroup['decision']>, string>> = {
  dangerous: 'Dangerous',
  spam: 'Spam',
  harmless: 'Harmless',
};

/** Whether the reporter heard what was found, or why not. */
const ANSWER_WORDS: Readonly<Record<NonNullable<Report['answer']>, string>> = {
  sent: 'Answered',
  off: 'Not answered: answers are off',
  automatic: 'Not answered: a machine sent it',
  list: 'Not answered: it came through a list',
  outside: 'Not answered: not of the organisation',
  unproven: 'Not answered: the sender is not proven',
  'too-many': 'Not answered: many answers within the hour',
  older: 'Not answered: older than this mailbox’s task',
  own: 'Not answered: sent by the mailbox itself',
  'no-address': 'Not answered: no sender',
};

export const KIND_WORDS: Readonly<Record<Report['messages'][number]['kind'], string>> = {
  attached: 'as an attachment',
  inline: 'inline, without its header',
  direct: 'nothing was forwarded',
};

/** What became of a mail, in a word or two; why stands beside it. */
export function statusOf({ status, reason, answer }: Pick<Report, 'status' | 'reason' | 'answer'>): string {
  if (status === 'waiting') return reason === null ? 'Being read' : 'Waits';
  if (status !== 'done') return 'Not examined';
  return answer === null ? '' : ANSWER_WORDS[answer];
}

export const nameOf = (reporter: { readonly name: string; readonly address: string } | null): string => {
  if (reporter === null) return 'Somebody';
  if (reporter.address === '') return reporter.name === '' ? 'No address' : reporter.name;
  return reporter.name === '' ? reporter.address : `${reporter.name} (${reporter.address})`;
};

/** How many there are, of the first page; `+`: and more. */
export const countOf = ({ items, next_cursor: next }: Pick<ReportPage, 'items' | 'next_cursor'>): string =>
  `${items.length}${next === null ? '' : '+'}`;
