import type { Scanner } from '../scanner.js';
import { authenticationReport } from './authentication/report.js';
import { brand } from './identity/brand.js';
import { displayName } from './identity/display-name.js';
import { freeMailOrganisation } from './identity/free-mail-organisation.js';
import { fromField } from './identity/from-field.js';
import { history } from './identity/history.js';
import { lists } from './identity/lists.js';
import { replyPath } from './identity/reply-path.js';
import { senderDomain } from './identity/sender-domain.js';
import { tenantImpersonation } from './identity/tenant.js';
import { dates } from './trace/dates.js';
import { duplicatedFields } from './trace/duplicated-fields.js';
import { mailer } from './trace/mailer.js';
import { messageId } from './trace/message-id.js';
import { received } from './trace/received.js';
import { recipients } from './trace/recipients.js';

/** The headers layer, in the order it runs. */
export const HEADERS_SCANNERS: readonly Scanner[] = [
  authenticationReport,
  fromField,
  displayName,
  brand,
  tenantImpersonation,
  replyPath,
  freeMailOrganisation,
  senderDomain,
  history,
  lists,
  recipients,
  duplicatedFields,
  dates,
  messageId,
  mailer,
  received,
];
