/** What opening a file would do, for the kinds that do more than show something. */
export type Kind = 'program' | 'script' | 'shortcut' | 'disk-image' | 'profile';

const EXTENSIONS: Readonly<Record<Kind, string>> = {
  program:
    'exe scr com pif cpl dll sys ocx msi msp mst msix msixbundle appx appxbundle appinstaller xll jar apk app pkg gadget application ade adp mde chm hlp xbap vxd',
  script:
    'js jse vbs vbe wsf wsh wsc sct hta ps1 psm1 psd1 bat cmd reg inf ins jnlp msc ws paf settingcontent-ms diagcab slk iqy xsl',
  shortcut: 'lnk url website scf library-ms search-ms searchconnector-ms appref-ms desktop rdp theme contact',
  'disk-image': 'iso img vhd vhdx udf dmg bin cue nrg mdf wim daa',
  profile: 'mobileconfig',
};

const TYPES: Readonly<Record<string, Kind>> = {
  'application/vnd.microsoft.portable-executable': 'program',
  'application/x-mach-binary': 'program',
  'application/x-msi': 'program',
  'application/java-archive': 'program',
  'application/vnd.android.package-archive': 'program',
  'application/vnd.android.dex': 'program',
  'application/vns.ms-appx': 'program',
  'application/vnd.ms-htmlhelp': 'program',
  'application/hta': 'script',
  'application/x-wsf': 'script',
  'application/x-windows-registry': 'script',
  'application/x-ms-shortcut': 'shortcut',
  'application/x-mswinurl': 'shortcut',
  'application/x-ms-library': 'shortcut',
  'application/x-iso9660-image': 'disk-image',
  'application/x-udf-image': 'disk-image',
  'application/x-virtualbox-vhd': 'disk-image',
  'application/x-virtualbox-vhdx': 'disk-image',
  'application/x-apple-diskimage': 'disk-image',
  'application/x-apple-aspen-config': 'profile',
};

/** These names are also used for harmless things; only the bytes can make such a file suspicious. */
const AMBIGUOUS = new Set([
  'bin',
  'img',
  'app',
  'inf',
  'contact',
  'theme',
  'desktop',
  'application',
  'xsl',
  'pkg',
  'msc',
  'sys',
  'ins',
  'ws',
]);

const KIND_BY_EXTENSION: ReadonlyMap<string, Kind> = new Map(
  Object.entries(EXTENSIONS).flatMap(([kind, list]) =>
    list.split(' ').map((extension) => [extension, kind as Kind] as const),
  ),
);

/** The kind the bytes or, where they say nothing, the name give a file; null for what only shows something. */
export function kindOf(extension: string, detectedType: string | null): Kind | null {
  const byBytes = detectedType === null ? undefined : TYPES[detectedType];
  if (byBytes !== undefined) return byBytes;
  return AMBIGUOUS.has(extension) ? null : (KIND_BY_EXTENSION.get(extension) ?? null);
}

/** What to call a kind in a sentence. */
export const KIND_WORDS: Readonly<Record<Kind, string>> = {
  program: 'a program',
  script: 'a script that runs when opened',
  shortcut: 'a shortcut that runs or opens something else',
  'disk-image': 'a disk image',
  profile: 'a configuration profile',
};
