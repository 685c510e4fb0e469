// The grammar of the ids Stremio asks with. Knows their spelling only, not what they name.

/** What an id asks for: a title of some database (an episode of it, maybe), or content known here by its own id. */
export type StremioId =
  | {
      readonly kind: 'title';
      /** The title alone, without season and episode: `tt0903747`, `tmdb:1396`, `kitsu:7442`. */
      readonly titleId: string;
      /** Null for a film, and where the database counts episodes through (Kitsu). */
      readonly season: number | null;
      /** Null for a film. */
      readonly episode: number | null;
    }
  | {
      readonly kind: 'content';
      /** 40 or 64 lower-case hex characters. */
      readonly contentId: string;
      /** Null for the whole release. */
      readonly fileIndex: number | null;
    };

const NUMBER = '(\\d{1,9})';
const TITLE = new RegExp(`^(tt\\d{1,12}|(?:tmdb|tvdb):\\d{1,12})(?::${NUMBER}:${NUMBER})?$`);
const KITSU = new RegExp(`^(kitsu:\\d{1,12})(?::${NUMBER})?$`);
const CONTENT = new RegExp(`^headstart:([0-9a-f]{40}|[0-9a-f]{64})(?::${NUMBER})?$`);
const MAX_LENGTH = 200;

/**
 * Reads `tt…`, `tt…:S:E`, `kitsu:ID[:E]`, `tmdb:ID[:S:E]`, `tvdb:ID[:S:E]`, `headstart:<content id>[:<file index>]`,
 * percent-encoded or not. Null for anything else; never throws.
 */
export function parseStremioId(text: string): StremioId | null {
  const id = decodePercent(text);
  if (id === null) return null;
  const content = CONTENT.exec(id);
  if (content?.[1] !== undefined) return { kind: 'content', contentId: content[1], fileIndex: numberOf(content[2]) };
  const title = TITLE.exec(id);
  if (title?.[1] !== undefined) {
    return { kind: 'title', titleId: title[1], season: numberOf(title[2]), episode: numberOf(title[3]) };
  }
  const anime = KITSU.exec(id);
  if (anime?.[1] !== undefined) return { kind: 'title', titleId: anime[1], season: null, episode: numberOf(anime[2]) };
  return null;
}

/** The id under which content of this house is shown where Stremio knows no title for it. */
export function formatContentId(contentId: string, fileIndex?: number): string {
  return fileIndex === undefined ? `headstart:${contentId}` : `headstart:${contentId}:${fileIndex}`;
}

function decodePercent(text: string): string | null {
  if (text.length > MAX_LENGTH) return null;
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function numberOf(text: string | undefined): number | null {
  return text === undefined ? null : Number(text);
}
