import { getInsights } from '../../services/organisations/get-insights.js';
import { answer, route } from '../route.js';
import { Insights, InsightsQuery } from '../schemas/insights.js';

export const INSIGHTS_ROUTES = [
  route({
    method: 'get',
    path: '/insights',
    name: 'getInsights',
    tag: 'Overview',
    summary: 'Volumes, verdicts, top senders and targets of the organisation',
    access: 'bearer',
    query: InsightsQuery,
    responses: { 200: { description: 'The figures.', schema: Insights } },
    errors: ['auth.forbidden'],
    async handle({ ctx, query }) {
      const { overview, senders, targets } = await getInsights({ ctx, input: query });
      return answer(200, {
        overview,
        senders,
        targets: targets.map(({ userId, ...row }) => ({ user_id: userId, ...row })),
      });
    },
  }),
] as const;
