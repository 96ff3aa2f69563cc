import { skeleton } from '../../brands/skeleton.js';
import { factScanner } from '../../fact-scanner.js';
import { headerPlace, senderOf } from '../../sender.js';

/** Words of offices and companies, in the languages fraud comes in. */
const OFFICE =
  /(?:^|[^\p{L}])(?:accounts?|admin|administrat(?:or|ion)|attorney|bank|billing|board|ceo|cfo|claims?|company|compliance|corp|corporation|court|customer|department|dept|desk|director|embassy|finance|foundation|fund|gmbh|government|group|help|hr|inc|insurance|invoice|llc|lottery|ltd|manager|ministry|notification|office|official|orders?|payments?|payroll|police|postmaster|president|promo|recruit(?:er|ment|ing)?|refunds?|renewal|sales|security|service|services|shipping|subscription|support|team|treasury|united nations|university|verification|webmaster|abteilung|behoerde|kundenservice|polizei|rechnung|banque|gendarmerie|ministere|banco|cobranca|financeiro|suporte|servicio|soporte|servizio)(?=$|[^\p{L}])/u;

/** An office, a company or a bank does not write from a free mailbox. */
export const freeMailOrganisation = factScanner('headers', 'free-mail-organisation', (message) => {
  const { freeMail, name, address } = senderOf(message);
  if (!freeMail || name === '') return [];
  const word = OFFICE.exec(skeleton(name.slice(0, 200)))?.[0].trim();
  if (word === undefined) return [];
  const evidence = `“${name.slice(0, 80)}” sounds like an office or company, but writes from the free mailbox ${address}`;
  return [{ id: 'headers.free-mail-organisation', evidence, at: headerPlace(message, 'from') }];
});
