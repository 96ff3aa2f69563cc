/** How far back a mailbox is read; `days` as the API has it. */
export const PERIODS = [
  { value: 'none', days: 0, name: 'None', says: 'Only what arrives from now on.' },
  { value: '7', days: 7, name: '7 days', says: 'The last week.' },
  { value: '30', days: 30, name: '30 days', says: 'The last month.' },
  {
    ...{ value: 'all', days: null, name: 'Everything' },
    says: 'All that is there, newest first. This may take hours for a large mailbox.',
  },
] as const;

export const daysOf = (value: string): number | null => (PERIODS.find((one) => one.value === value) ?? PERIODS[2]).days;
