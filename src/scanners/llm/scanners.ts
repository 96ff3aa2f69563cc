import type { Scanner } from '../scanner.js';
import { secondReading } from './second-reading.js';

export const LLM_SCANNERS: readonly Scanner[] = [secondReading];
