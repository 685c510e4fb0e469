import { describe, expect, it } from '@jest/globals';
import { bingeGroupOf } from '../../../../addon/stremio/binge-group.js';
import { candidateOfFile, type Candidate } from '../../../../backend/discovery/index.js';
import { parseReleaseName } from '../../../../backend/naming/index.js';
import { makeCandidate, makeUsenetCandidate } from '../../../support/candidates.js';
import { makeRelease } from '../../../support/stremio-harness.js';

const TAGS = '1080p.WEB-DL.x264-GRP';

function offered(name: string, isPack: boolean, more: Partial<Candidate> = {}): Candidate {
  return makeCandidate(name, { isPack, offer: { name, isPack, facts: parseReleaseName(name) }, ...more });
}

/** The same, once its files are known: it may turn out to be called otherwise, and to hold more than one video. */
function lookedInto({ offer }: Candidate, name: string, files: readonly string[]): Candidate {
  const release = makeRelease(
    name,
    files.map((file) => [file, 5] as const),
  );
  return { ...candidateOfFile({ ...release, titleId: 'tt1' }, release.files[0]!), offer };
}

const pack = (part: string): string => bingeGroupOf(offered(`Far.Shore.${part}.${TAGS}`, true));
const single = (name: string): string => bingeGroupOf(offered(name, false));

describe('binge group', () => {
  it('single episodes - are alike by picture and release group, whatever they are called', () => {
    const group = single(`Far.Shore.S01E01.${TAGS}`);
    expect(single(`Far.Shore.S01E02.The.Ferry.${TAGS}`)).toBe(group);
    expect(single(`Far.Shore.S02E01.${TAGS}`)).toBe(group);
    expect(single('Far.Shore.S01E02.720p.WEB-DL.x264-GRP')).not.toBe(group);
    expect(single('Far.Shore.S01E02.1080p.WEB-DL.x264-OTHER')).not.toBe(group);
    expect(bingeGroupOf(makeUsenetCandidate(`Far.Shore.S01E02.${TAGS}`))).not.toBe(group);
  });

  it('a pack - is apart from single episodes, and from another pack of the same picture and release group', () => {
    expect(pack('S01')).not.toBe(single(`Far.Shore.S01E01.${TAGS}`));
    expect(pack('S01')).not.toBe(pack('S01-S03'));
    expect(pack('S01')).not.toBe(pack('S01.EXTENDED'));
    expect(bingeGroupOf(offered('Far Shore Season 1', true))).not.toBe(
      bingeGroupOf(offered('Far Shore Season 1 Uncut', true)),
    );
  });

  it('the pack of the next season or of the rest of this one - goes on where it is called the same', () => {
    expect(pack('S02')).toBe(pack('S01'));
    expect(pack('S01E09-E16')).toBe(pack('S01E01-E08'));
    expect(bingeGroupOf(offered('Far Shore Season 2', true))).toBe(bingeGroupOf(offered('Far Shore (Season 1)', true)));
  });

  it('a look into it - changes nothing: neither another name inside nor a sample beside the episode', () => {
    const found = offered('Far Shore Season 1 1080p', true);
    expect(bingeGroupOf(lookedInto(found, `Far.Shore.S01.${TAGS}`, ['a.mkv', 'b.mkv']))).toBe(bingeGroupOf(found));
    const episode = offered(`Far.Shore.S01E01.${TAGS}`, false);
    const next = single(`Far.Shore.S01E02.${TAGS}`);
    expect(bingeGroupOf(lookedInto(episode, 'inside', ['a.mkv', 'sample.mkv']))).toBe(next);
  });

  it('what nobody offers - goes by its own name and files', () => {
    const release = makeRelease(`Far.Shore.S01.${TAGS}`, [
      ['Far.Shore.S01E01.mkv', 5],
      ['Far.Shore.S01E02.mkv', 5],
    ]);
    const groups = release.files.map((file) => bingeGroupOf(candidateOfFile({ ...release, titleId: 'tt1' }, file)));
    expect(groups).toEqual([pack('S01'), pack('S01')]);
  });
});
