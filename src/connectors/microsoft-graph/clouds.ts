/**
 * Where Microsoft 365 lives for whom. The one in China is missing: it has no delta queries for messages
 * (learn.microsoft.com/graph/api/message-delta; learn.microsoft.com/graph/deployments, …/entra/identity-platform/authentication-national-cloud).
 */
export const CLOUDS = {
  global: { login: 'https://login.microsoftonline.com', graph: 'https://graph.microsoft.com' },
  'us-government': { login: 'https://login.microsoftonline.us', graph: 'https://graph.microsoft.us' },
  'us-defense': { login: 'https://login.microsoftonline.us', graph: 'https://dod-graph.microsoft.us' },
} as const;

export type Cloud = keyof typeof CLOUDS;
