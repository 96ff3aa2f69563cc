import { factScanner } from '../../fact-scanner.js';
import type { Finding } from '../../scanner.js';
import { headerPlace, headerValue } from '../../sender.js';

/** Scripts and bulk programs that are seen far more often on fraud than on anything else, and programs nobody has used for ages. */
const SUSPECT =
  /leaf ?(?:php)?mailer|anonymous ?mailer|king ?mailer|inbox ?mailer|gammadyne|atomic mail sender|advanced mass sender|send-?blaster|dark ?mailer|the bat! \(v[12]\.|foxmail [3-6][ .]|outlook express 5|microsoft outlook express 6\.00\.2600|microsoft cdo for windows 2000|alexus mailer|owl ?mailer|xmailer|turbo-?mailer|supermailer|mail bomber|mass ?mail/i;
const SCRIPT = /eval\(\)'d|\/(?:wp-content|wp-includes|tmp|uploads)\/|(?:mailer|leaf|alfa|shell|inbox|sender)\w*\.php/i;
const REPLY = /^(?:re|aw|sv|antw|res|odp|vs|r)\s*(?:\[\d+\])?:/i;
const FORWARD = /^(?:fwd?|wg|tr|enc|rv|i)\s*:/i;

/** What the message says about the program that wrote it, and answers to nothing. */
export const mailer = factScanner('headers', 'mailer', (message) => {
  const findings: Finding[] = [];
  for (const name of ['x-mailer', 'user-agent']) {
    const program = headerValue(message, name);
    if (program === null || !SUSPECT.test(program)) continue;
    findings.push({
      id: 'headers.mailer-suspect',
      evidence: `written with ${program.slice(0, 80)}`,
      at: headerPlace(message, name),
    });
    break;
  }
  const script = headerValue(message, 'x-php-originating-script') ?? headerValue(message, 'x-php-script');
  if (script !== null) {
    const injected = SCRIPT.test(script);
    const evidence = `sent by a script on a web server: ${script.slice(0, 80)}`;
    const at = headerPlace(
      message,
      headerValue(message, 'x-php-originating-script') === null ? 'x-php-script' : 'x-php-originating-script',
    );
    findings.push({ id: 'headers.sent-by-web-script', evidence, at, strength: injected ? 1 : 0.3 });
  }
  const answers = headerValue(message, 'in-reply-to') !== null || headerValue(message, 'references') !== null;
  if (!answers && (REPLY.test(message.subject) || FORWARD.test(message.subject))) {
    const evidence = `“${message.subject.slice(0, 60)}” looks like an answer, but belongs to no conversation`;
    const strength = REPLY.test(message.subject) ? 1 : 0.4;
    findings.push({ id: 'headers.reply-to-nothing', evidence, at: headerPlace(message, 'subject'), strength });
  }
  return findings;
});
