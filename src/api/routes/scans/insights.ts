import { getInsights } from '../../../services/organisations/get-insights.js';
import { answer, route } from '../../route.js';
import { Insights, InsightsQuery } from '../../schemas/scans/insights.js';

export const INSIGHTS_ROUTES = [
  route({
    method: 'get',
    path: '/insights',
    name: 'getInsights',
    tag: 'Overview',
    summary: 'Volumes, verdicts, top senders and targets, missed threats and false alarms of the organisation',
    access: 'bearer',
    query: InsightsQuery,
    responses: { 200: { description: 'The figures.', schema: Insights } },
    errors: ['auth.forbidden'],
    async handle({ ctx, query }) {
      const { overview, senders, targets, wrong } = await getInsights({ ctx, input: query });
      return answer(200, {
        overview,
        senders,
        targets: targets.map(({ userId, ...row }) => ({ user_id: userId, ...row })),
        wrong: toWrong(wrong),
      });
    },
  }),
] as const;

function toWrong({ missed, falseAlarms, days, items }: Awaited<ReturnType<typeof getInsights>>['wrong']) {
  return {
    missed,
    false_alarms: falseAlarms,
    days: days.map(({ falseAlarms: alarms, ...row }) => ({ ...row, false_alarms: alarms })),
    items: items.map(({ scanId, labelBefore, labelNow, at, ...row }) => ({
      ...row,
      ...{ scan_id: scanId, label_before: labelBefore, label_now: labelNow, noticed_at: at.toISOString() },
    })),
  };
}
