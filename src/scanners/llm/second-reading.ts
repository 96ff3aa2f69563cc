import type { Message } from '../../mail/message.js';
import type { LlmQuestion, ScanContext, Scanner, ScanOutcome } from '../scanner.js';
import { letterOf } from './letter/letter.js';
import { questionOf } from './question.js';
import { findingsOf } from './reading/findings-of.js';
import { readAnswer } from './reading/read-answer.js';
import type { Reading } from './reading/read-answer.js';

type Answered =
  { readonly reading: Reading; readonly by: string } | { readonly failure: string; readonly off: boolean };

/**
 * A language model reads the message: a quick one first, a thorough one only where the quick one is unsure, sees harm, or failed. All it
 * can do is add findings that quote the message.
 */
export const secondReading: Scanner = {
  layer: 'llm',
  name: 'second-reading',
  async scan(message, context) {
    if (context.lookup.llmOff !== undefined) return { skipped: context.lookup.llmOff };
    const letter = letterOf(message, context.tenant);
    if (letter === '') return { skipped: 'there is no text to read' };
    const first = await ask(letter, 'triage', context);
    if ('failure' in first && first.off) return { skipped: first.failure };
    if ('reading' in first && isClear(first.reading)) return outcome(first, letter, message);
    const second = await ask(letter, 'deep', context);
    if ('reading' in second) return outcome(second, letter, message);
    if ('reading' in first)
      return { ...outcome(first, letter, message), ...(second.off ? {} : { incomplete: second.failure }) };
    return { findings: [], incomplete: second.off ? first.failure : `${first.failure}; ${second.failure}` };
  },
};

function isClear({ judgement, claims }: Reading): boolean {
  return judgement === 'harmless' && claims.length === 0;
}

function outcome(
  { reading, by }: { readonly reading: Reading; readonly by: string },
  letter: string,
  message: Message,
): Extract<ScanOutcome, { findings: unknown }> {
  return { findings: findingsOf(reading, letter, message), by };
}

async function ask(letter: string, depth: LlmQuestion['depth'], context: ScanContext): Promise<Answered> {
  const answer = await context.lookup.llm(questionOf(letter, context.authentication, depth));
  if ('unavailable' in answer) return { failure: answer.unavailable, off: answer.off === true };
  const { json, by } = answer.answer;
  const reading = readAnswer(json);
  return reading === null ? { failure: `${by}: the answer was not what was asked for`, off: false } : { reading, by };
}
