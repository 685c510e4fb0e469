// Every address the Stremio face hands out, in one place. Pure.

/** Who asks, by the address they used. */
export interface Caller {
  /** Origin and path prefix, no trailing slash. */
  readonly origin: string;
  /** The addon key the addresses carry. */
  readonly addonKey: string;
}

/** What a play address says. The same source and file always give the same address. */
export interface PlayPath {
  readonly sourceId: string;
  /** Null: the file is chosen when the source is opened. */
  readonly fileIndex: number | null;
  /** What the address ends in: players read the type off it. */
  readonly fileName: string;
}

/** What stands in a play address instead of a file index that is not known. */
export const AUTO_FILE = 'auto';

export function formatManifestUrl(caller: Caller): string {
  return `${addonBase(caller)}/manifest.json`;
}

/** Opens Stremio's own install dialog (`stremio://` stands in for the scheme). */
export function formatInstallUrl(caller: Caller): string {
  return formatManifestUrl(caller).replace(/^https?:\/\//, 'stremio://');
}

/** Opens Stremio Web's install dialog. */
export function formatWebInstallUrl(caller: Caller): string {
  return `https://web.stremio.com/#/addons?addon=${encodeURIComponent(formatManifestUrl(caller))}`;
}

export function formatConfigureUrl(caller: Caller): string {
  return `${addonBase(caller)}/configure`;
}

export function formatLogoUrl(origin: string): string {
  return `${origin}/logo.png`;
}

export function formatPlayUrl(caller: Caller, path: PlayPath): string {
  const file = path.fileIndex === null ? AUTO_FILE : String(path.fileIndex);
  return `${addonBase(caller)}/play/${path.sourceId}/${file}/${encodePart(path.fileName)}`;
}

/** A sidecar as WebVTT. */
export function formatSidecarUrl(caller: Caller, sourceId: string, fileIndex: number, name: string): string {
  return `${addonBase(caller)}/sidecar/${sourceId}/${fileIndex}/${encodePart(name)}.vtt`;
}

function addonBase(caller: Caller): string {
  return `${caller.origin}/stremio/${caller.addonKey}`;
}

/** One path segment: never empty, never `.` or `..`, and what a URL parser would take apart is encoded. */
function encodePart(text: string): string {
  const part = encodeURIComponent(text.replace(/[/\\\p{Surrogate}]/gu, '_'));
  return /^\.{0,2}$/.test(part) ? 'video' : part;
}
