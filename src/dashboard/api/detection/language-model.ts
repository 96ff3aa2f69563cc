import { send } from '../session.js';
import type {
  LlmAvailability,
  LlmProviders,
  LlmSetting,
  LlmSettings,
  LlmSettingsInput,
  LlmTest,
  LlmUsage,
} from '../types.js';

export const getAvailability = async (): Promise<LlmAvailability> => read(await send('/llm'));
export const getProviders = async (): Promise<LlmProviders> => read(await send('/llm/providers'));
export const getSettings = async (): Promise<LlmSettings> => read(await send('/llm/settings'));
export const getUsage = async (): Promise<LlmUsage> => read(await send('/llm/usage'));
export const test = async (): Promise<LlmTest> => read(await send('/llm/test', { method: 'POST' }));

export async function save(input: LlmSettingsInput): Promise<LlmSetting> {
  const headers = { 'Content-Type': 'application/json' };
  return read(await send('/llm/settings', { method: 'PUT', headers, body: JSON.stringify(input) }));
}

export async function remove(): Promise<void> {
  await send('/llm/settings', { method: 'DELETE' });
}

async function read<T>(response: Response): Promise<T> {
  return (await response.json()) as T;
}
