import { escape, type Layout } from './layout.js';

const typed = (paragraphs: readonly string[], tag: (text: string) => string): string =>
  paragraphs.map((text) => tag(escape(text))).join('\n');

/** As Outlook writes: Word's HTML, a signature, sometimes the message answered to. */
export const outlook: Layout = (c, chance) => {
  const line = (text: string): string =>
    `<p class="MsoNormal"><span style="font-size:11.0pt;font-family:&quot;Calibri&quot;,sans-serif">${text}<o:p></o:p></span></p>`;
  const quoted = chance.maybe(0.35)
    ? `<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>From:</b> ${escape(c.brand)}<br><b>Subject:</b> ${escape(c.subject)}<o:p></o:p></p></div>${line('…')}`
    : '';
  return `<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><meta name="Generator" content="Microsoft Word 15 (filtered medium)"><style><!-- p.MsoNormal {margin:0cm;font-size:11.0pt;} a:link {color:#0563C1;} --></style></head>
<body lang="${c.language.toUpperCase()}" link="#0563C1" vlink="#954F72"><div class="WordSection1">${typed(c.paragraphs, line)}
${c.button === null ? '' : line(`<a href="${escape(c.button.url)}">${escape(c.button.url)}</a>`)}${line('&nbsp;')}${typed(c.footer, line)}${line(`T +${chance.below(90) + 10} ${chance.code(3, '0123456789')} ${chance.code(6, '0123456789')} | <a href="${escape(c.home)}">${escape(c.home.replace('https://', ''))}</a>`)}${quoted}</div></body></html>`;
};

/** As Gmail's web page writes. */
export const gmail: Layout = (c, chance) =>
  `<div dir="ltr">${typed(c.paragraphs, (text) => `${text}<div><br></div>`)}${
    c.button === null ? '' : `<div><a href="${escape(c.button.url)}">${escape(c.button.text)}</a></div>`
  }<div>-- <br><div dir="ltr" class="gmail_signature">${c.footer.map(escape).join('<br>')}</div></div></div>${
    chance.maybe(0.3)
      ? `<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">${escape(c.brand)}:<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">${escape(c.subject)}</blockquote></div>`
      : ''
  }`;

/** As Apple Mail and Thunderbird write. */
export const simple: Layout = (c) =>
  `<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head><body style="overflow-wrap: break-word;">${typed(c.paragraphs, (text) => `${text}<br><br>`)}${
    c.button === null ? '' : `<a href="${escape(c.button.url)}">${escape(c.button.url)}</a><br>`
  }<div class="moz-signature">-- <br>${c.footer.map(escape).join('<br>')}</div></body></html>`;
