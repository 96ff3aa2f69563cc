import { escape, type Layout } from './layout.js';

/** What large senders' systems produce: a padded preheader, nested tables, every picture linked and every link counted. */
export const retail: Layout = (c, chance) => {
  const padding = chance
    .pick(['&#847; &zwnj; &nbsp; ', '&nbsp;&zwnj;', '&#8199;&#847; ', '&shy; '])
    .repeat(20 + chance.below(60));
  const cell = (inner: string): string =>
    `<tr><td align="center" valign="top" style="padding:0 20px;font-family:'Amazon Ember',Roboto,Arial,sans-serif;font-size:16px;line-height:24px;color:#0f1111"><table border="0" cellpadding="0" cellspacing="0" width="100%" role="presentation"><tbody><tr><td class="rio-text" dir="auto">${inner}</td></tr></tbody></table></td></tr>`;
  const picture = (name: string, width: number): string =>
    `<a href="${escape(c.link())}" target="_blank"><img src="${c.image(name)}" width="${width}" border="0" style="display:block" alt="${chance.maybe(0.6) ? escape(c.brand) : ''}"></a>`;
  return `<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd"><html lang="${c.language}" xmlns="http://www.w3.org/1999/xhtml"><head><title>${chance.maybe(0.6) ? escape(c.subject) : ''}</title><meta content="text/html; charset=utf-8" http-equiv="Content-Type"/><meta name="viewport" content="width=device-width,initial-scale=1,user-scalable=yes"/><meta name="x-apple-disable-message-reformatting"/><style>@media (prefers-color-scheme:dark){body{background:#111!important}}.appleLinks a{color:inherit}</style></head>
<body style="margin:0;padding:0;-webkit-text-size-adjust:none"><div style="display:none;max-height:0;overflow:hidden;mso-hide:all;font-size:0;line-height:0">${escape(c.paragraphs[0] ?? '')}${padding}</div>
<center><table align="center" border="0" cellpadding="0" cellspacing="0" width="100%"><tbody>${cell(picture('logo.png', 180))}
${cell(`<h2>${escape(c.subject)}</h2>`)}${c.paragraphs.map((text) => cell(escape(text))).join('\n')}
${c.button === null ? '' : cell(`<a href="${escape(c.button.url)}" style="display:inline-block;background:#ffd814;border-radius:8px;padding:8px 16px;color:#0f1111">${escape(c.button.text)}</a>`)}
${Array.from({ length: c.offers.length > 0 ? 0 : chance.below(5) }, (_, i) => cell(picture(`item-${i}.jpg`, 160 + chance.below(300)))).join('')}${c.offers.map(({ name, price, discount, url }, i) => cell(`${picture(`item-${i}.jpg`, 200)}<br><a href="${escape(url)}">${escape(name)}</a><br><b>${escape(price)}</b> <span style="color:#cc0c39">${escape(discount)}</span>`)).join('')}
${cell(`<span style="font-size:12px;color:#565959">${c.footer.map(escape).join('<br/>')}<br/>${c.footerLinks.map(({ url, text }) => `<a href="${escape(url)}">${escape(text)}</a>`).join(' | ')}</span>`)}
</tbody></table></center>${c.pixel === null ? '' : `<img width="1" height="1" src="${escape(c.pixel)}" alt=""/>`}</body></html>`;
};
