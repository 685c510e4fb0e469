// The answer to whether a release is what was asked for.

/**
 * `isPack`: it holds more than the one wished episode. `because` names the first thing that speaks against it: another title,
 * another year (a remake), a film for a series or the reverse, another season or episode, or something beside the film.
 * `releaseSeason` is the season that the release counts the wished episode in, present only where it is not the wished one.
 */
export type ReleaseFit =
  | { readonly fits: true; readonly isPack: boolean; readonly releaseSeason?: number }
  | { readonly fits: false; readonly because: 'title' | 'year' | 'kind' | 'season' | 'episode' | 'extra' };
