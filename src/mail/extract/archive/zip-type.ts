import { listZip } from './zip.js';

const NAMES_READ = 200;

/** What a ZIP really is, by the names in it: an Office document, a Java program, an app, or just an archive. */
export function zipType(bytes: Buffer): string {
  const { entries } = listZip(bytes, NAMES_READ);
  const has = (pattern: RegExp): boolean => entries.some(({ name }) => pattern.test(name));
  if (has(/^\[Content_Types\]\.xml$/i)) {
    if (has(/^word\//i)) return 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
    if (has(/^xl\//i)) return 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
    if (has(/^ppt\//i)) return 'application/vnd.openxmlformats-officedocument.presentationml.presentation';
    if (has(/^AppxManifest\.xml$/i)) return 'application/vns.ms-appx';
  }
  if (has(/^AndroidManifest\.xml$/)) return 'application/vnd.android.package-archive';
  const first = entries[0];
  if (first?.name === 'mimetype' && first.size < 100) {
    const declared = /application\/(?:vnd\.oasis\.opendocument\.[a-z]+|epub\+zip)/.exec(
      bytes.toString('latin1', 30, 140),
    );
    if (declared !== null) return declared[0];
  }
  if (has(/^META-INF\/MANIFEST\.MF$/i) && has(/\.class$/i)) return 'application/java-archive';
  return 'application/zip';
}
