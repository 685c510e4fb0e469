// The answer to whether a release is what was asked for.

/**
 * `isPack`: it holds more than the one wished episode. `because` names the first thing that speaks against it: another title,
 * another year (a remake), a film for a series or the reverse, another season or episode, or something beside the film.
 */
export type ReleaseFit =
  | { readonly fits: true; readonly isPack: boolean }
  | { readonly fits: false; readonly because: 'title' | 'year' | 'kind' | 'season' | 'episode' | 'extra' };
