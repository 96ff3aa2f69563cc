import { setAbuseMailbox } from '../../../services/abuse/abuse-mailbox.js';
import { getReportGroup } from '../../../services/abuse/get-group.js';
import { listReportGroups, listReports } from '../../../services/abuse/list-reports.js';
import { resolveReportGroup } from '../../../services/abuse/resolve-group.js';
import { retakeReport } from '../../../services/abuse/retake-report.js';
import { answer, route } from '../../route.js';
import { ConnectedMailbox, MailboxId } from '../../schemas/mailboxes/mailbox.js';
import {
  AbuseSetting,
  Report,
  ReportGroupDetail,
  ReportGroupId,
  ReportGroupPage,
  ReportGroupsQuery,
  ReportId,
  ReportPage,
  ReportResolution,
  ReportsQuery,
  ResolvedReportGroup,
} from '../../schemas/mailboxes/report.js';

const mailboxErrors = ['auth.forbidden', 'mailbox.not-found', 'organisation.personal'] as const;

/** Suspicious mail that people report. For administrators. */
export const REPORT_ROUTES = [
  route({
    method: 'put',
    path: '/mailboxes/{id}/abuse',
    name: 'setAbuseMailbox',
    tag: 'Reports',
    summary: 'Make a mailbox take reports of suspicious mail',
    description:
      'What arrives from now on is taken apart: messages that are attached or forwarded inline are scanned by themselves. Only your own mailbox, or one of the organisation’s.',
    access: 'bearer',
    params: MailboxId,
    body: AbuseSetting,
    responses: { 200: { description: 'The mailbox.', schema: ConnectedMailbox } },
    errors: [...mailboxErrors, 'mailbox.not-connected'],
    async handle({ ctx, params, body }) {
      return answer(200, await setAbuseMailbox({ ctx, input: { id: params.id, answers: body.answers } }));
    },
  }),

  route({
    method: 'delete',
    path: '/mailboxes/{id}/abuse',
    name: 'endAbuseMailbox',
    tag: 'Reports',
    summary: 'Make it a mailbox like any other again',
    access: 'bearer',
    params: MailboxId,
    responses: { 200: { description: 'The mailbox.', schema: ConnectedMailbox } },
    errors: [...mailboxErrors],
    async handle({ ctx, params }) {
      return answer(200, await setAbuseMailbox({ ctx, input: { id: params.id, answers: null } }));
    },
  }),

  route({
    method: 'get',
    path: '/reports',
    name: 'listReports',
    tag: 'Reports',
    summary: 'Mails to the abuse mailboxes, with who sent them and whether they were answered',
    access: 'bearer',
    query: ReportsQuery,
    responses: { 200: { description: 'One page.', schema: ReportPage } },
    errors: ['auth.forbidden', 'request.cursor-invalid'],
    async handle({ ctx, query: { only = null, limit, cursor = null } }) {
      return answer(200, await listReports({ ctx, input: { only, limit, cursor } }));
    },
  }),

  route({
    method: 'post',
    path: '/reports/{id}/take-again',
    name: 'retakeReport',
    tag: 'Reports',
    summary: 'Take a report apart that could not be',
    description:
      'When the plan has enough scans for it, or its mailbox is connected again. One that waits is tried at once.',
    access: 'bearer',
    params: ReportId,
    responses: { 200: { description: 'It waits to be taken apart.', schema: Report } },
    errors: ['auth.forbidden', 'report.not-found', 'report.taken', 'mailbox.not-connected'],
    async handle({ ctx, params }) {
      return answer(200, await retakeReport({ ctx, input: params }));
    },
  }),

  route({
    method: 'get',
    path: '/report-groups',
    name: 'listReportGroups',
    tag: 'Reports',
    summary: 'Reported messages, the same and alike ones together',
    access: 'bearer',
    query: ReportGroupsQuery,
    responses: { 200: { description: 'One page, the newest first.', schema: ReportGroupPage } },
    errors: ['auth.forbidden', 'request.cursor-invalid'],
    async handle({ ctx, query: { state, limit, cursor = null } }) {
      return answer(200, await listReportGroups({ ctx, input: { state, limit, cursor } }));
    },
  }),

  route({
    method: 'get',
    path: '/report-groups/{id}',
    name: 'getReportGroup',
    tag: 'Reports',
    summary: 'A group with everybody who reported it',
    access: 'bearer',
    params: ReportGroupId,
    responses: { 200: { description: 'The group.', schema: ReportGroupDetail } },
    errors: ['auth.forbidden', 'report.not-found'],
    async handle({ ctx, params }) {
      return answer(200, await getReportGroup({ ctx, input: params }));
    },
  }),

  route({
    method: 'post',
    path: '/report-groups/{id}/resolve',
    name: 'resolveReportGroup',
    tag: 'Reports',
    summary: 'Decide about a group, and tell those who reported',
    description:
      'Whoever was answered before hears of it, once for each decision, and so does whoever reports the same later. Another decision corrects the first.',
    access: 'bearer',
    params: ReportGroupId,
    body: ReportResolution,
    responses: { 200: { description: 'The group.', schema: ResolvedReportGroup } },
    errors: ['auth.forbidden', 'report.not-found'],
    async handle({ ctx, params, body }) {
      return answer(200, await resolveReportGroup({ ctx, input: { id: params.id, ...body } }));
    },
  }),
] as const;
