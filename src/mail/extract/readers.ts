import { readArchive } from './archive/archive.js';
import { readOutlook } from './archive/outlook.js';
import { readCalendar } from './calendar.js';
import type { FormatReader } from './format.js';
import { readImage } from './image/image.js';
import { readMarkup } from './markup/markup.js';
import { readOle } from './office/ole.js';
import { readOneNote } from './office/onenote.js';
import { readOoxml } from './office/ooxml.js';
import { readRtf } from './office/rtf.js';
import { readPdf } from './pdf/pdf.js';
import { readPlainText } from './plain-text.js';
import { readInternetShortcut, readShortcut } from './shortcut.js';

const message: FormatReader = ({ bytes }) => ({ messages: [bytes], examined: 'complete' });

/** Who reads which type. The libraries behind the dear ones are imported when the first such file is met. */
const READERS: readonly (readonly [RegExp, FormatReader])[] = [
  [/^application\/pdf$/, readPdf],
  [/^application\/vnd\.(?:openxmlformats-officedocument|oasis\.opendocument)\b/, readOoxml],
  [/^application\/(?:msword|vnd\.ms-(?:excel|powerpoint)|x-ole-(?:storage|encrypted-package)|x-msi)$/, readOle],
  [/^application\/vnd\.ms-outlook$/, readOutlook],
  [/^application\/rtf$/, readRtf],
  [/^application\/onenote$/, readOneNote],
  [
    /^application\/(?:zip|gzip|x-tar|vnd\.rar|x-7z-compressed|x-iso9660-image|vnd\.ms-cab-compressed|vnd\.ms-tnef)$/,
    readArchive,
  ],
  [/^application\/(?:java-archive|vnd\.android\.package-archive|epub\+zip)$/, readArchive],
  [/^(?:text\/html|application\/xhtml\+xml|image\/svg\+xml|application\/hta|application\/x-wsf)$/, readMarkup],
  [/^image\/(?:png|jpeg|gif|webp|bmp|tiff|heic|avif)$/, readImage],
  [/^text\/calendar$/, readCalendar],
  [/^message\/rfc822$/, message],
  [/^application\/x-ms-shortcut$/, readShortcut],
  [/^application\/x-mswinurl$/, readInternetShortcut],
  [
    /^text\/plain$|^application\/(?:x-windows-registry|x-desktop|xml|x-ms-library)$|^text\/(?:vcard|x-shellscript)$/,
    readPlainText,
  ],
];

/** The reader of a type; null where only the type itself can be told. */
export function readerOf(type: string | null): FormatReader | null {
  if (type === null) return null;
  return READERS.find(([pattern]) => pattern.test(type))?.[1] ?? null;
}
