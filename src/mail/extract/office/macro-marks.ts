/** Names that make macro code run by itself, and calls that reach outside the document. Written as reports show them. */
const AUTOMATIC = [
  'AutoOpen',
  'AutoExec',
  'AutoClose',
  'Auto_Open',
  'Auto_Close',
  'Document_Open',
  'Document_Close',
  'DocumentOpen',
  'Workbook_Open',
  'Workbook_Activate',
  'Workbook_BeforeClose',
];
const SUSPICIOUS = [
  'Shell',
  'CreateObject',
  'GetObject',
  'WScript.Shell',
  'ShellExecute',
  'URLDownloadToFile',
  'XMLHTTP',
  'ADODB.Stream',
  'powershell',
  'cmd.exe',
  'mshta',
  'regsvr32',
  'rundll32',
  'certutil',
  'bitsadmin',
  'VirtualAlloc',
  'CallByName',
  'Environ',
  'StrReverse',
];

const MARKS = [...AUTOMATIC, ...SUSPICIOUS].map((name) => ({
  name,
  pattern: new RegExp(`(?<![A-Za-z0-9_.])${name.replace('.', '\\.')}(?![A-Za-z0-9_])`, 'i'),
}));

/** The marks that stand in macro code, each once. */
export function macroMarks(code: string): string[] {
  return MARKS.filter(({ pattern }) => pattern.test(code)).map(({ name }) => name);
}

/** Whether a mark is an entry point that runs without being asked for. */
export function isAutomatic(mark: string): boolean {
  return AUTOMATIC.includes(mark) || mark === 'Excel 4 auto macro';
}
