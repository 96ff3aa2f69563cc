import type { Scanner } from '../scanner.js';
import { brandHosts } from './brand-hosts.js';
import { displayMismatch } from './display-mismatch.js';
import { hostForms } from './host-forms.js';
import { paths } from './paths.js';
import { places } from './places.js';
import { whole } from './whole.js';
import { wrapped } from './wrapped.js';
import { writtenToDeceive } from './written-to-deceive.js';

/** The URLs layer, in the order it runs. */
export const URLS_SCANNERS: readonly Scanner[] = [
  displayMismatch,
  brandHosts,
  hostForms,
  writtenToDeceive,
  places,
  paths,
  whole,
  wrapped,
];
