import { localModelStructure, localModelWords } from '../model/scanners.js';
import type { Scanner } from '../scanner.js';
import { callbackNumber } from './topics/callback-number.js';
import { extortion } from './topics/extortion.js';
import { topics } from './topics/topics.js';
import { addressesAModel } from './tricks/addresses-a-model.js';
import { alternativeDiffers } from './tricks/alternative-differs.js';
import { greetsByAddress } from './tricks/greets-by-address.js';
import { hardlyAnyText } from './tricks/hardly-any-text.js';
import { hiddenText } from './tricks/hidden-text.js';
import { htmlSmuggling } from './tricks/html-smuggling.js';
import { invisibleCharacters } from './tricks/invisible-characters.js';
import { mixedScripts } from './tricks/mixed-scripts.js';
import { passwordForm } from './tricks/password-form.js';
import { randomToken } from './tricks/random-token.js';
import { splitWords } from './tricks/split-words.js';
import { styledLetters } from './tricks/styled-letters.js';

/** The content layer, in the order it runs. */
export const CONTENT_SCANNERS: readonly Scanner[] = [
  topics,
  callbackNumber,
  extortion,
  hiddenText,
  invisibleCharacters,
  mixedScripts,
  styledLetters,
  splitWords,
  randomToken,
  greetsByAddress,
  alternativeDiffers,
  hardlyAnyText,
  passwordForm,
  htmlSmuggling,
  addressesAModel,
  localModelWords,
  localModelStructure,
];
