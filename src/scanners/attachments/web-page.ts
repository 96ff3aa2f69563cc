import type { MarkupFacts } from '../../mail/message.js';
import type { Finding, Scanner } from '../scanner.js';
import type { AttachedFile } from './files.js';
import { about, atMost, filesOf } from './files.js';

const BUILDS_A_FILE = ['blob', 'createObjectURL', 'msSaveOrOpenBlob', 'download-attribute'];
const CARRIES_BYTES = ['atob', 'large-base64', 'byte-array', 'number-list'];
const WRITES_A_PAGE = ['document-write', 'eval'];
const DECODES = ['atob', 'unescape', 'fromCharCode', 'large-base64'];

/** Attached web pages: they open from the disk, where no address bar and no filter warns. */
export const webPage: Scanner = {
  layer: 'attachments',
  name: 'web-page',
  scan(message) {
    const findings = filesOf(message).flatMap((file) => {
      const { markup, detectedType } = file.facts;
      if (markup === null || file.filename === '') return [];
      if (detectedType === 'image/svg+xml') return svgFindings(file, markup);
      return pageFindings(file, markup);
    });
    return { findings: atMost(findings, 2) };
  },
};

function svgFindings(file: AttachedFile, markup: MarkupFacts): Finding[] {
  if (!markup.scripts && markup.forms.length === 0 && markup.redirect === null) return [];
  const does = markup.scripts ? 'runs script' : markup.forms.length > 0 ? 'holds a form' : 'leads elsewhere';
  return [about(file, 'attachments.svg-script', `${file.name} is a picture that ${does}`)];
}

function pageFindings(file: AttachedFile, markup: MarkupFacts): Finding[] {
  const found: Finding[] = [];
  const has = (marks: readonly string[]): string[] => markup.smuggling.filter((mark) => marks.includes(mark));
  const target = markup.forms.find(({ action }) => action !== '')?.action.slice(0, 120);
  const sends = target === undefined ? '' : ` and sends it to ${target}`;
  if (markup.passwordInput) {
    found.push(about(file, 'attachments.html-credential-form', `${file.name} asks for a password${sends}`));
  } else if (markup.forms.some(({ inputs }) => inputs.some((type) => /^(?:text|email|tel|textarea)$/.test(type)))) {
    found.push(about(file, 'attachments.html-form', `${file.name} asks for input${sends}`));
  }
  const smuggles = has(BUILDS_A_FILE).length > 0 && has(CARRIES_BYTES).length > 0;
  const hides = has(WRITES_A_PAGE).length > 0 && has(DECODES).length > 0;
  if (smuggles || hides) {
    const marks = markup.smuggling.slice(0, 5).join(', ');
    const does = smuggles ? 'builds a file out of its own text' : 'writes itself anew from hidden text';
    found.push(about(file, 'attachments.html-smuggling', `${file.name} ${does} (${marks})`, smuggles ? 1 : 0.8));
  } else if (markup.scripts) {
    found.push(about(file, 'attachments.html-script', `${file.name} is a web page with script`));
  }
  if (markup.redirect !== null) {
    found.push(about(file, 'attachments.html-redirect', `${file.name} leads on to ${markup.redirect.slice(0, 150)}`));
  }
  return found.length > 0 ? found : [about(file, 'attachments.html-page', `${file.name} is a web page`)];
}
