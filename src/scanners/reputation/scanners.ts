import type { Scanner } from '../scanner.js';
import { knownToOthers } from './known-to-others.js';

export const REPUTATION_SCANNERS: readonly Scanner[] = [knownToOthers];
