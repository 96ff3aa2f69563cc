/** The fields that mail programs repeat above what they forward. */
export type ForwardedField = 'from' | 'date' | 'to' | 'cc' | 'replyTo' | 'subject';

/**
 * As Gmail, Outlook, Apple Mail and Thunderbird write them in English, German, French, Spanish, Italian, Portuguese, Dutch, Polish,
 * Swedish, Danish, Norwegian, Finnish, Czech, Hungarian, Romanian, Turkish, Russian, Ukrainian, Japanese, Chinese and Korean. One word
 * stands for one field in all of them but `a` and `do`, which say to whom.
 */
const NAMES: Readonly<Record<ForwardedField, string>> = {
  from: 'from|von|de|expéditeur|remitente|da|mittente|van|afzender|od|från|fra|lähettäjä|feladó|de la|kimden|gönderen|от|от кого|від|від кого|差出人|发件人|寄件者|寄件人|보낸 사람',
  date: 'date|sent|datum|gesendet|envoyé|envoyé le|fecha|enviado|enviado el|enviada em|data|inviato|verzonden|wysłano|skickat|dato|sendt|päivämäärä|lähetetty|odesláno|dátum|elküldve|trimis|tarih|gönderildi|gönderme tarihi|дата|отправлено|дата відправлення|надіслано|日付|送信日時|日期|发送时间|发送日期|寄件日期|날짜|보낸 날짜',
  to: 'to|an|à|pour|para|a|aan|do|till|til|vastaanottaja|komu|címzett|către|kime|alıcı|кому|宛先|收件人|收件者|받는 사람',
  cc: 'cc|kopie|copie à|copie|copia|kopia|kopi|kopio|másolat|bilgi|копия|копія|抄送|副本|참조',
  replyTo:
    'reply-to|reply to|antwort an|antworten an|répondre à|responder a|rispondi a|antwoord aan|odpowiedź do|svar till|svar til|ответить|返信先|回复|回覆|회신',
  subject:
    'subject|betreff|objet|sujet|asunto|oggetto|assunto|onderwerp|temat|ämne|emne|aihe|předmět|tárgy|subiect|konu|тема|件名|主题|主題|主旨|제목',
};

const FIELDS = new Map<string, ForwardedField>(
  Object.entries(NAMES).flatMap(([field, names]) =>
    names.split('|').map((name) => [name, field as ForwardedField] as const),
  ),
);
const LONGEST = Math.max(...[...FIELDS.keys()].map((name) => name.length));

/** The field a line begins with and what follows; null where it begins with none. Marks of quoting and bold type are passed over. */
export function readLabel(line: string): { readonly field: ForwardedField; readonly value: string } | null {
  const bare = line.replace(/^[\s>|*_]+/u, '');
  const colon = bare.search(/[:：]/u);
  if (colon <= 0 || colon > LONGEST + 4) return null;
  const name = bare
    .slice(0, colon)
    .replace(/[\s*_]+/gu, ' ')
    .trim()
    .toLowerCase();
  const field = FIELDS.get(name);
  if (field === undefined) return null;
  const value = bare
    .slice(colon + 1)
    .replace(/^[\s*_]+/u, '')
    .trim();
  return { field, value };
}
