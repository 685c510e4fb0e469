// A wish with what else its episode is called by. Pure.

import type { TitleFacts } from '../naming/index.js';
import type { SearchWish } from './search/title-search.js';

/**
 * With the number counted through and the day, where they are known: releases were judged by them, so their files must be
 * chosen by them too, now and when they are prepared.
 */
export function wishWithFacts(wish: SearchWish, title: TitleFacts | null): SearchWish {
  if (wish.episode === undefined || title === null || title.episode === null) return wish;
  const { absolute, airDate } = title.episode;
  return {
    ...wish,
    episode: {
      ...wish.episode,
      ...(absolute === undefined ? {} : { absolute }),
      ...(airDate === undefined ? {} : { airDate }),
    },
  };
}
