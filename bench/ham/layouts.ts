import { escape, type Content, type Layout } from './layout.js';
import { productLayouts } from './layouts-products.js';
import { gmail, outlook, simple } from './layouts-people.js';
import { retail } from './layouts-retail.js';

const a = (url: string, text: string, style = ''): string =>
  `<a href="${escape(url)}"${style === '' ? '' : ` style="${style}"`}>${escape(text)}</a>`;
const links = (content: Content, joint: string): string =>
  content.footerLinks.map(({ url, text }) => a(url, text)).join(joint);
const pixel = ({ pixel: url }: Content): string =>
  url === null ? '' : `<img src="${escape(url)}" width="1" height="1" alt="">`;

/** Things for sale, a row each. */
const goods = ({ offers }: Content, cell: string): string =>
  offers.length === 0
    ? ''
    : `<table width="100%">${offers.map(({ name, price, discount, url }) => `<tr><td ${cell}>${a(url, name)}</td><td ${cell}>${escape(discount)}</td><td ${cell} align="right">${escape(price)}</td></tr>`).join('')}</table>`;

const plain: Layout = (c) => `<!doctype html>
<html lang="${c.language}"><head><meta charset="utf-8"><title>${escape(c.subject)}</title></head>
<body>${c.paragraphs.map((text) => `<p>${escape(text)}</p>`).join('\n')}
${c.button === null ? '' : `<p>${a(c.button.url, c.button.text)}</p>`}
<p>${c.footer.map(escape).join('<br>')}</p>${links(c, ' | ')}${pixel(c)}</body></html>`;

const bare: Layout = (c) =>
  `<div dir="ltr">${c.paragraphs.map((text) => `<div>${escape(text)}</div><div><br></div>`).join('')}${
    c.button === null ? '' : `<div>${a(c.button.url, c.button.url)}</div>`
  }<div>--<br>${c.footer.map(escape).join('<br>')}</div></div>`;

const card: Layout = (c, chance) => {
  const colour = chance.code(6, '0123456789abcdef');
  return `<!DOCTYPE html>
<html>
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escape(c.brand)}</title>
<style>body{margin:0;background:#f4f5f7;font-family:Helvetica,Arial,sans-serif}.card{max-width:560px;margin:24px auto;background:#fff;padding:32px}.btn{background:#${colour};color:#fff;padding:12px 24px;border-radius:4px;text-decoration:none}.foot{color:#888;font-size:12px}</style></head>
<body><span style="display:none;max-height:0;overflow:hidden">${escape(c.paragraphs[0] ?? '')}</span>
<div class="card"><a href="${escape(c.home)}"><img src="${c.image('logo.png')}" alt="${escape(c.brand)}" width="120"></a>
<h1>${escape(c.subject)}</h1>${c.paragraphs.map((text) => `<p>${escape(text)}</p>`).join('')}
${goods(c, '')}${c.button === null ? '' : `<p style="text-align:center"><a class="btn" href="${escape(c.button.url)}">${escape(c.button.text)}</a></p>`}
</div><div class="foot" align="center"><p>${c.footer.map(escape).join('</p><p>')}</p>${links(c, ' &middot; ')}</div>${pixel(c)}</body></html>`;
};

const tables: Layout = (
  c,
  chance,
) => `<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" /><meta name="viewport" content="width=device-width" /><title>${escape(c.subject)}</title>
<style type="text/css">img{border:0}table{border-collapse:collapse}@media only screen and (max-width:600px){.w{width:100%!important}}</style></head>
<body bgcolor="#f6f6f6" style="margin:0;padding:0"><table width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td align="center">
<table class="w" width="600" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff"><tr><td style="padding:20px"><img src="${c.image('header.png')}" width="${100 + chance.below(400)}" alt="${escape(c.brand)}" /></td></tr>
${c.paragraphs.map((text) => `<tr><td style="padding:8px 24px;font-family:Arial,sans-serif;font-size:14px;line-height:20px;color:#333333">${escape(text)}</td></tr>`).join('\n')}
<tr><td style="padding:8px 24px">${goods(c, 'style="font-size:13px;border-bottom:1px solid #dddddd"')}</td></tr>${c.button === null ? '' : `<tr><td align="center" style="padding:16px"><table><tr><td bgcolor="#2266cc" style="border-radius:3px">${a(c.button.url, c.button.text, 'color:#ffffff;padding:12px 20px;display:inline-block;text-decoration:none')}</td></tr></table></td></tr>`}
<tr><td style="padding:24px;font-size:11px;color:#777777">${c.footer.map(escape).join('<br />')}<br />${links(c, ' | ')}</td></tr></table></td></tr></table>${pixel(c)}</body></html>`;

const responsive: Layout = (
  c,
) => `<!doctype html><html xmlns="http://www.w3.org/1999/xhtml" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" lang="${c.language}"><head><title>${escape(c.subject)}</title><!--[if !mso]><!--><meta http-equiv="X-UA-Compatible" content="IE=edge"><!--<![endif]--><meta http-equiv="Content-Type" content="text/html; charset=UTF-8"><meta name="viewport" content="width=device-width,initial-scale=1"><style type="text/css">#outlook a{padding:0}body{margin:0;padding:0}</style><!--[if mso]><noscript><xml><o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml></noscript><![endif]--></head>
<body style="word-spacing:normal;background-color:#eeeeee"><div style="display:none;font-size:1px;color:#ffffff;line-height:1px;max-height:0;opacity:0;overflow:hidden">${escape(c.subject)}</div><div role="article" lang="${c.language}">
${[c.brand, ...c.paragraphs].map((text) => `<div style="margin:0 auto;max-width:600px;background:#fff"><table align="center" border="0" cellpadding="0" cellspacing="0" role="presentation" style="width:100%"><tbody><tr><td style="padding:10px 25px;font-family:Ubuntu,Helvetica,Arial,sans-serif;font-size:15px;color:#000">${escape(text)}</td></tr></tbody></table></div>`).join('')}
${c.button === null ? '' : `<table align="center" role="presentation"><tbody><tr><td align="center" bgcolor="#414141" role="presentation" style="border-radius:3px">${a(c.button.url, c.button.text, 'display:inline-block;background:#414141;color:#ffffff;padding:10px 25px')}</td></tr></tbody></table>`}
<table align="center" role="presentation"><tbody><tr><td style="font-size:11px">${c.footer.map(escape).join('<br>')} ${links(c, ' ')}</td></tr></tbody></table></div>${pixel(c)}</body></html>`;

const pictures: Layout = (
  c,
  chance,
) => `<html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8"><title>${escape(c.subject)}</title></head><body><center><table width="640"><tr><td align="center"><a href="${escape(c.home)}"><img src="${c.image('logo.gif')}" alt="${escape(c.brand)}"></a></td></tr>
<tr><td><a href="${escape(c.button?.url ?? c.home)}"><img src="${c.image('hero.jpg')}" width="640" alt="${escape(c.subject)}"></a></td></tr>
<tr><td><font face="Arial" size="2">${c.paragraphs.map(escape).join('<br><br>')}</font></td></tr>
<tr>${Array.from({ length: 1 + chance.below(3) }, (_, i) => `<td><a href="${escape(c.link())}"><img src="${c.image(`p${i}.jpg`)}" width="200" alt=""></a></td>`).join('')}</tr>
<tr><td>${goods(c, 'class="o"')}</td></tr>${c.button === null ? '' : `<tr><td align="center"><b>${a(c.button.url, c.button.text)}</b></td></tr>`}
<tr><td><font size="1">${c.footer.map(escape).join('<br>')}<br>${links(c, ' | ')}</font></td></tr></table></center>${pixel(c)}</body></html>`;

const lines: Layout = (
  c,
) => `<html><body style="font-family:arial;font-size:12px">${[...c.paragraphs, ...c.footer].map(escape).join('<br>\n<br>\n')}<br>
${c.button === null ? '' : `<br>${a(c.button.url, c.button.text)}<br>`}${links(c, '<br>')}</body></html>`;

const article: Layout = (
  c,
) => `<!DOCTYPE html><html lang="${c.language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(c.brand)}</title><style>.h{font-size:22px}.t{color:#444}</style></head><body><table role="presentation" width="100%"><tr><td>
<p style="font-size:11px">${a(c.home, c.brand)}</p><h1 class="h">${escape(c.subject)}</h1>
${c.paragraphs.map((text, index) => `<h2>${escape(text.split(/[.:,،。]/)[0] ?? '')}</h2>${index % 2 === 0 ? `<img src="${c.image(`article-${index}.jpg`)}" width="560" alt="${escape(text.slice(0, 30))}">` : ''}<p class="t">${escape(text)} ${a(c.link(), '→')}</p>`).join('\n')}
${goods(c, '')}${c.button === null ? '' : `<p>${a(c.button.url, c.button.text)}</p>`}<hr><p style="font-size:11px">${c.footer.map(escape).join('<br>')}<br>${links(c, ' – ')}</p></td></tr></table>${pixel(c)}</body></html>`;

/** Each with its share. */
export const LAYOUTS: readonly (readonly [number, Layout])[] = [
  [1, plain],
  [0.6, bare],
  [1.5, card],
  [1.5, tables],
  [1.2, responsive],
  [1, pictures],
  [0.8, lines],
  [1, article],
  [2, retail],
  ...productLayouts(8),
];

/** What people write with. */
export const PEOPLES_LAYOUTS: readonly (readonly [number, Layout])[] = [
  [2, outlook],
  [1.5, gmail],
  [1, simple],
  [0.5, bare],
];
