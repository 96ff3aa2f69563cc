import { giveFeedback, listFeedback, withdrawFeedback } from '../../../services/feedback/give-feedback.js';
import { answer, route } from '../../route.js';
import { FeedbackFields, FeedbackList } from '../../schemas/scans/feedback.js';
import { ScanId } from '../../schemas/scans/scan.js';

/** Where a verdict is wrong. It changes no verdict and trains nothing; it is counted for whoever runs the organisation. */
export const FEEDBACK_ROUTES = [
  route({
    method: 'get',
    path: '/scan/{id}/feedback',
    name: 'listFeedback',
    tag: 'Scans',
    summary: 'What has been said about a verdict',
    access: 'bearer',
    scope: 'scan:read',
    params: ScanId,
    responses: { 200: { description: 'By people, and by later scans.', schema: FeedbackList } },
    errors: ['scan.not-found'],
    async handle({ ctx, params }) {
      const rows = await listFeedback({ ctx, input: params });
      const items = rows.map(({ userId, labelBefore, createdAt, ...row }) => ({
        ...row,
        user_id: userId,
        label_before: labelBefore,
        created_at: createdAt.toISOString(),
      }));
      return answer(200, { items });
    },
  }),

  route({
    method: 'post',
    path: '/scan/{id}/feedback',
    name: 'giveFeedback',
    tag: 'Scans',
    summary: 'Say that a verdict is wrong',
    description: 'Once a person and scan: saying it again replaces it. Kept as long as the scan.',
    access: 'bearer',
    params: ScanId,
    body: FeedbackFields,
    responses: { 204: { description: 'It is noted.' } },
    errors: ['scan.not-found'],
    async handle({ ctx, params, body }) {
      await giveFeedback({ ctx, input: { id: params.id, ...body } });
      return answer(204);
    },
  }),

  route({
    method: 'delete',
    path: '/scan/{id}/feedback',
    name: 'withdrawFeedback',
    tag: 'Scans',
    summary: 'Take that back',
    access: 'bearer',
    params: ScanId,
    responses: { 204: { description: 'You have said nothing.' } },
    errors: ['scan.not-found'],
    async handle({ ctx, params }) {
      await withdrawFeedback({ ctx, input: params });
      return answer(204);
    },
  }),
] as const;
