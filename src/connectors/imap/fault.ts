import { AddressRefused } from '../../net/address-guard.js';
import { NetFault } from '../../net/net-fault.js';
import { ConnectorFault } from '../connector.js';

/** RFC 5530: the login was right, but the server cannot serve it now. */
const NOT_NOW = new Set(['UNAVAILABLE', 'INUSE', 'LIMIT', 'SERVERBUG', 'CONTACTADMIN']);

interface Failure {
  readonly code?: unknown;
  readonly authenticationFailed?: unknown;
  readonly serverResponseCode?: unknown;
  readonly throttleReset?: unknown;
  readonly mailboxMissing?: unknown;
  readonly tlsFailed?: unknown;
}

/** What went wrong, in words for the mailbox's owner. The server's own words may carry anything and go into the cause. */
export function toFault(cause: unknown): ConnectorFault {
  if (cause instanceof ConnectorFault) return cause;
  if (cause instanceof AddressRefused) {
    const told = 'This server is inside a private network. The operator has to list it before postern connects to it.';
    return new ConnectorFault('unavailable', told, { cause });
  }
  const { code, authenticationFailed, serverResponseCode, throttleReset, mailboxMissing, tlsFailed } = cause as Failure;
  if (authenticationFailed === true && !NOT_NOW.has(String(serverResponseCode))) {
    return new ConnectorFault('auth-revoked', 'The server does not accept this user name and password.', { cause });
  }
  if (code === 'ETHROTTLE' || serverResponseCode === 'LIMIT' || serverResponseCode === 'INUSE') {
    const retryAfterMs = typeof throttleReset === 'number' ? throttleReset : 60_000;
    return new ConnectorFault('rate-limited', 'The server asks for a pause.', { cause, retryAfterMs });
  }
  if (mailboxMissing === true) return new ConnectorFault('not-found', 'The folder is no longer there.', { cause });
  if (tlsFailed === true || isTlsCode(code)) {
    const told = 'The server offers no secure connection that can be trusted: its certificate or its TLS is not valid.';
    return new ConnectorFault('unavailable', told, { cause });
  }
  if (cause instanceof NetFault || code === 'ENOTFOUND') {
    return new ConnectorFault('unavailable', 'There is no server of this name.', { cause });
  }
  return new ConnectorFault('unavailable', 'The server does not answer.', { cause });
}

function isTlsCode(code: unknown): boolean {
  return typeof code === 'string' && /^(ERR_TLS|ERR_SSL|EPROTO|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code);
}
