export type Family =
  'pdf' | 'image' | 'office' | 'archive' | 'page' | 'program' | 'calendar' | 'media' | 'message' | 'note';

const BY_EXTENSION: Readonly<Record<Family, string>> = {
  pdf: 'pdf',
  image: 'png jpg jpeg jpe gif webp bmp tif tiff heic avif ico',
  office: 'doc docx docm dot dotm dotx xls xlsx xlsm xlsb xlt xltm ppt pptx pptm pps ppsx odt ods odp rtf wps',
  archive: 'zip rar 7z gz tgz tar cab ace xz bz2 iso img vhd vhdx jar apk z arj lzh',
  page: 'html htm xhtml shtml svg hta mht mhtml',
  program: 'exe dll scr com msi cpl',
  calendar: 'ics vcs ical',
  media: 'mp3 mp4 wav ogg mov m4a avi',
  message: 'eml msg',
  note: 'one onepkg',
};

const BY_TYPE: readonly (readonly [RegExp, Family])[] = [
  [/^application\/(?:x-)?pdf$/, 'pdf'],
  [/^image\/svg\+xml$|^text\/html$|^application\/(?:xhtml\+xml|hta)$|^multipart\/related$/, 'page'],
  [/^image\//, 'image'],
  [
    /^application\/(?:msword|rtf|vnd\.(?:ms-(?:word|excel|powerpoint)|openxmlformats-officedocument|oasis\.opendocument)|x-ole-)|^text\/rtf$/,
    'office',
  ],
  [
    /^application\/(?:zip|x-zip-compressed|gzip|x-gzip|x-tar|vnd\.rar|x-rar.*|x-7z-compressed|vnd\.ms-cab-compressed|x-ace-compressed|x-iso9660-image|x-udf-image|x-virtualbox-vhdx?|x-xz|x-bzip2?|java-archive|vnd\.android\.package-archive)$/,
    'archive',
  ],
  [
    /^application\/(?:vnd\.microsoft\.portable-executable|x-msdownload|x-dosexec|x-msi|x-elf|x-mach-binary)$/,
    'program',
  ],
  [/^(?:text\/calendar|application\/ics)$/, 'calendar'],
  [/^(?:audio|video)\/|^application\/ogg$/, 'media'],
  [/^message\/rfc822$|^application\/vnd\.ms-outlook$/, 'message'],
  [/^application\/onenote$/, 'note'],
];

const FAMILY_BY_EXTENSION: ReadonlyMap<string, Family> = new Map(
  Object.entries(BY_EXTENSION).flatMap(([family, list]) =>
    list.split(' ').map((extension) => [extension, family as Family] as const),
  ),
);

export const FAMILY_WORDS: Readonly<Record<Family, string>> = {
  pdf: 'a PDF',
  image: 'a picture',
  office: 'an Office document',
  archive: 'an archive',
  page: 'a web page',
  program: 'a program',
  calendar: 'an invitation',
  media: 'a sound or film',
  message: 'a message',
  note: 'a OneNote notebook',
};

/** What a file's name promises; null where it promises nothing in particular. */
export function familyOfName(extension: string): Family | null {
  return FAMILY_BY_EXTENSION.get(extension) ?? null;
}

/** What a media type says a file is; null for the types that say nothing. */
export function familyOfType(type: string | null): Family | null {
  if (type === null) return null;
  return BY_TYPE.find(([pattern]) => pattern.test(type))?.[1] ?? null;
}
