import type { AuditRow } from '../../store/interfaces/audit.js';

/** Classes of https://schema.ocsf.io/1.3.0: Authentication, Account Change, API Activity. */
const AUTHENTICATION = 3002;
const ACCOUNT_CHANGE = 3001;
const API_ACTIVITY = 6003;

const OTHER = 99;
/** What the classes call the activities that postern knows. */
const ACTIVITIES: Readonly<Record<string, readonly [number, string]>> = {
  'auth.signed-in': [1, 'Logon'],
  'auth.session-ended': [2, 'Logoff'],
  'member.joined': [1, 'Create'],
  'member.removed': [6, 'Delete'],
  'member.left': [6, 'Delete'],
  'member.role-changed': [7, 'Attach Policy'],
};
const API_VERBS: Readonly<Record<string, readonly [number, string]>> = {
  created: [1, 'Create'],
  opened: [2, 'Read'],
  exported: [2, 'Read'],
  changed: [3, 'Update'],
  rescanned: [3, 'Update'],
  deleted: [4, 'Delete'],
};

/** The event as an object of the Open Cybersecurity Schema Framework, version 1.3.0. */
export function toOcsf(tenantId: string, row: AuditRow): Readonly<Record<string, unknown>> {
  const group = row.action.split('.', 1)[0] ?? '';
  const classUid =
    group === 'auth' ? AUTHENTICATION : ['member', 'account'].includes(group) ? ACCOUNT_CHANGE : API_ACTIVITY;
  const verb = row.action.slice(group.length + 1).replace(/^.*-/, '');
  const [activity, name] =
    ACTIVITIES[row.action] ?? (classUid === API_ACTIVITY ? API_VERBS[verb] : undefined) ?? ([OTHER, 'Other'] as const);
  const target = row.target?.startsWith('user:') === true ? row.target.slice(5) : null;
  const actor = { user: { uid: row.actor.replace(/^user:/, '') } };
  return {
    metadata: {
      version: '1.3.0',
      uid: row.id,
      tenant_uid: tenantId,
      product: { name: 'postern', vendor_name: 'postern' },
      event_code: row.action,
    },
    category_uid: classUid === API_ACTIVITY ? 6 : 3,
    class_uid: classUid,
    activity_id: activity,
    activity_name: name,
    type_uid: classUid * 100 + activity,
    severity_id: 1,
    time: row.at.getTime(),
    status_id: row.outcome === 'succeeded' ? 1 : 2,
    status: row.outcome === 'succeeded' ? 'Success' : 'Failure',
    actor,
    // Authentication and Account Change are about a person: the one it was done to, or the one who did it.
    ...(classUid === API_ACTIVITY
      ? { api: { operation: row.action }, resources: row.target === null ? [] : [{ uid: row.target }] }
      : { user: target === null ? actor.user : { uid: target } }),
    ...(row.ip === null ? {} : { src_endpoint: { ip: row.ip } }),
    unmapped: { ...row.details, target: row.target },
  };
}
