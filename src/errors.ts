/** Every way postern refuses something. The code is stable: clients match on it, documents list it. */
export const ERROR_CODES = {
  'request.invalid': 400,
  'request.malformed-json': 400,
  'request.unsupported-media-type': 415,
  'request.too-large': 413,
  'request.cursor-invalid': 400,
  'request.idempotency-mismatch': 422,
  'request.not-found': 404,
  'request.method-not-allowed': 405,
  'request.rate-limited': 429,
  'auth.required': 401,
  'auth.invalid-credentials': 401,
  'auth.token-invalid': 401,
  'auth.forbidden': 403,
  'setup.link-invalid': 410,
  'setup.already-done': 409,
  'api-key.not-found': 404,
  'api-key.limit': 409,
  'scan.not-found': 404,
  'scan.content-gone': 410,
  'scan.queue-full': 503,
  'detection.profile-changed': 409,
  'detection.version-unknown': 404,
  'message.empty': 422,
  'message.not-a-message': 422,
  'message.too-large': 413,
  'llm.endpoint-not-allowed': 422,
  'file.unreadable': 400,
  'auth.code-invalid': 422,
  'auth.challenge-invalid': 410,
  'auth.password-off': 403,
  'auth.provider-refused': 401,
  'auth.provider-unavailable': 503,
  'auth.no-organisation': 404,
  'account.exists': 409,
  'account.link-invalid': 410,
  'account.sign-up-closed': 403,
  'account.confirmation-needed': 403,
  'account.second-factor-exists': 409,
  'account.second-factor-missing': 409,
  'account.provider-missing': 409,
  'account.passkey-exists': 409,
  'account.passkey-refused': 422,
  'account.not-found': 404,
  'account.password-weak': 422,
  'organisation.personal': 409,
  'organisation.owner-stays': 409,
  'organisation.member-exists': 409,
  'organisation.domain-taken': 409,
  'organisation.domain-not-found': 404,
  'organisation.domain-not-shown': 422,
  'organisation.provider-not-found': 404,
  'organisation.provider-needed': 409,
  'organisation.limit': 409,
  'member.not-found': 404,
  'invitation.not-found': 404,
  'invitation.invalid': 410,
  'invitation.other-account': 403,
  'scim.filter-invalid': 400,
  'scim.path-invalid': 400,
  'scim.value-invalid': 400,
  'scim.not-unique': 409,
  'scim.not-found': 404,
  'scim.owner-stays': 403,
  'scim.not-supported': 501,
  'provisioning.token-not-found': 404,
  'provisioning.group-not-found': 404,
  'quota.exceeded': 402,
  'coupon.invalid': 404,
  'coupon.redeemed': 409,
  'tenant.not-found': 404,
  'person.not-found': 404,
  'support.not-granted': 404,
  'export.not-found': 404,
  'mailbox.provider-not-configured': 409,
  'mailbox.consent-expired': 410,
  'mailbox.consent-refused': 422,
  'mailbox.other-account': 409,
  'mailbox.not-found': 404,
  'mailbox.exists': 409,
  'mailbox.login-refused': 422,
  'mailbox.unreachable': 502,
  'mailbox.not-connected': 409,
  'mailbox.message-not-found': 404,
  'report.not-found': 404,
  'report.taken': 409,
  'directory.not-found': 404,
  'directory.group-unknown': 404,
  'mailbox.of-organisation': 403,
  'config.invalid': 500,
  'database.unavailable': 503,
  'database.too-old': 500,
  'keys.missing': 500,
  'keys.damaged': 500,
  internal: 500,
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/**
 * The one error class. `message` may be shown to anyone; what only the operator may read goes into `cause`.
 * `details` holds plain facts for the caller, such as the limit that was exceeded or the fields at fault.
 */
export class PosternError extends Error {
  override readonly name = 'PosternError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly details?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.details = options.details ?? {};
  }

  readonly details: Readonly<Record<string, unknown>>;

  get status(): number {
    return ERROR_CODES[this.code];
  }
}
