/** Line icons on a 20-unit grid. Decorative: the words stand next to them, or the button names itself. */
const PATHS = {
  home: 'M3.5 9 10 3.5 16.5 9v7.5h-4.6V12H8.1v4.5H3.5z',
  scan: 'M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4M6 10h8',
  history: 'M3.2 10a6.8 6.8 0 1 0 2-4.8L3.2 7.2M3.2 3.4v3.8H7M10 6.4V10l2.6 1.8',
  insights: 'M3.5 16.5h13M5.5 14v-4M10 14V5.5M14.5 14V8',
  upload: 'M10 13V4M6.4 7.4 10 3.8l3.6 3.6M3.5 12.5v3.7h13v-3.7',
  down: 'm5.5 8 4.5 4.5L14.5 8',
  right: 'm8 5.5 4.5 4.5L8 14.5',
  copy: 'M7 7h9.5v9.5H7zM13 7V3.5H3.5V13H7',
  block: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM5.2 5.2l9.6 9.6',
  check: 'm4.5 10.5 3.6 3.6 7.4-8',
  close: 'm5 5 10 10M15 5 5 15',
  trash: 'M3.5 5.5h13M8 5.5v-2h4v2M5.2 5.5l.8 11h8l.8-11M8.4 8.5v5M11.6 8.5v5',
  download: 'M10 3.5v9M6.4 9 10 12.6 13.6 9M3.5 13v3.2h13V13',
  again: 'M16.5 4v4h-4M16 8a6.6 6.6 0 1 0 .6 3.4',
  search: 'M8.7 14.2a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM12.8 12.8l4 4',
  link: 'M8.4 11.6a3 3 0 0 0 4.3 0l2.8-2.8a3 3 0 0 0-4.3-4.3l-1 1M11.6 8.4a3 3 0 0 0-4.3 0l-2.8 2.8a3 3 0 0 0 4.3 4.3l1-1',
  clip: 'm14.8 9.3-5 5a3.1 3.1 0 0 1-4.5-4.4l6.1-6a2.1 2.1 0 0 1 3 3l-6 6a1 1 0 0 1-1.5-1.4l5.1-5',
  person: 'M10 9.8a3.1 3.1 0 1 0 0-6.3 3.1 3.1 0 0 0 0 6.3ZM3.8 16.8a6.3 6.3 0 0 1 12.4 0',
  sun: 'M10 13.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4ZM10 2.4v1.8M10 15.8v1.8M2.4 10h1.8M15.8 10h1.8M4.6 4.6l1.3 1.3M14.1 14.1l1.3 1.3M4.6 15.4l1.3-1.3M14.1 5.9l1.3-1.3',
  moon: 'M16.3 12A6.8 6.8 0 0 1 8 3.7 6.8 6.8 0 1 0 16.3 12Z',
  screen: 'M3 4.5h14v9H3zM7.5 16.5h5M10 13.5v3',
  rows: 'M3.5 5h13M3.5 10h13M3.5 15h13',
  'rows-close': 'M3.5 4.5h13M3.5 8.2h13M3.5 11.8h13M3.5 15.5h13',
  ran: 'm5.5 10.4 3 3 6-6.6',
  skipped: 'M5.5 10h9',
  failed: 'm6.2 6.2 7.6 7.6M13.8 6.2l-7.6 7.6',
  reused: 'M15.8 8.2A6 6 0 0 0 5 7M4.2 11.8A6 6 0 0 0 15 13M4.6 3.8V7H8M15.4 16.2V13H12',
  keyboard: 'M2.5 5.5h15v9h-15zM5.5 8.5h.01M8.5 8.5h.01M11.5 8.5h.01M14.5 8.5h.01M6.5 11.5h7',
  flag: 'M5 17.5V3M5 3.8h9.5l-2 3.4 2 3.4H5',
  mail: 'M3 5h14v10.5H3zM3.4 5.4 10 10.6l6.6-5.2',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
