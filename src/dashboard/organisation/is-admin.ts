import type { Account } from '../api/types.js';

/** Who runs the organisation that the session works in; the API decides for itself. */
export const isAdmin = ({ tenant }: Account): boolean => tenant.role === 'org_admin' || tenant.role === 'org_owner';
