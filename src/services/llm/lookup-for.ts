import type { Lookup } from '../../scanners/scanner.js';
import type { LlmSettingRow } from '../../store/tables/detection/llm.js';
import type { Parts } from '../context.js';
import { OFFLINE } from '../scanning/lookup-port.js';
import { askModel } from './ask-model.js';
import type { LlmScope } from './ask-model.js';

/**
 * What the layers of one scan may ask of the world outside. `wanted` is what the request says about the language model; absent, the
 * setting decides. Undefined where there is nobody to ask at all.
 */
export function lookupFor(
  { lookup, llm }: Pick<Parts, 'lookup' | 'llm'>,
  setting: LlmSettingRow | null,
  { wanted, ...scope }: LlmScope & { readonly wanted?: boolean | undefined },
): Lookup | undefined {
  if (setting?.enabled !== true) return lookup;
  const base = lookup ?? OFFLINE;
  const without = (reason: string): Lookup => ({
    ...base,
    llm: () => Promise.resolve({ unavailable: reason, off: true }),
    llmOff: reason,
  });
  if (wanted === false) return without('left out on request');
  if (wanted === undefined && !setting.byDefault) return without('read only on request, by your settings');
  return { ...base, llm: (question) => askModel(llm, scope, question), llmOff: undefined };
}
