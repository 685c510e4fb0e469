import { describe, expect, it } from '@jest/globals';
import type { ContentId } from '../../../../../backend/content/index.js';
import type { Nzb } from '../../../../../backend/engines/usenet/nzb/nzb.js';
import { releaseNameOf } from '../../../../../backend/engines/usenet/nzb/release-name.js';
import { fileNameInSubject } from '../../../../../backend/engines/usenet/nzb/subject.js';

function nzbWith(name: string | null, ...subjects: string[]): Nzb {
  const segments = [{ number: 1, sizeBytes: 1, messageId: 'a@b' }];
  const files = subjects.map((subject) => ({
    subject,
    fileName: fileNameInSubject(subject),
    postedAt: null,
    segments,
    segmentCount: 1,
  }));
  return { contentId: 'ab'.repeat(32) as ContentId, name, passwords: [], category: null, files };
}

describe('release name', () => {
  const subject = '[1/9] "Some.Show.S01E01.1080p-GRP.part01.rar" yEnc (1/50)';
  const nzb = nzbWith('From the Head', subject);

  it('release name - trusts the head, then the name of the file, then subjects, then the address', () => {
    const url = 'https://indexer.example/getnzb/From.The.Address.nzb?apikey=1';
    expect(releaseNameOf({ nzb, fileName: 'From.The.Header.nzb', url })).toBe('From the Head');
    expect(releaseNameOf({ nzb: { ...nzb, name: null }, fileName: 'From.The.Header{{pw}}.nzb.gz', url })).toBe(
      'From.The.Header',
    );
    expect(releaseNameOf({ nzb: { ...nzb, name: null }, url })).toBe('Some.Show.S01E01.1080p-GRP');
    expect(releaseNameOf({ nzb: nzbWith(null, '"0a9f8b7c6d5e4f3a2b1c" (1/2)'), url })).toBe('From.The.Address');
  });

  it.each([
    'download',
    'download.nzb',
    'api',
    'api.php',
    'getnzb',
    'get-nzb.nzb',
    'nzb',
    'index.php',
    'file (1).nzb',
    '12345.nzb',
    '5d41402abc4b2a76b9719d911017c592.nzb',
    ' ',
    '..',
  ])('release name - is never %s', (generic) => {
    const anonymous = nzbWith(generic, subject);
    expect(releaseNameOf({ nzb: anonymous, fileName: generic, url: `https://x.example/${generic}` })).toBe(
      'Some.Show.S01E01.1080p-GRP',
    );
  });

  it('release name - finds the title in brackets beside an obfuscated name, and in the query', () => {
    const tagged = '[N3wZ] \\6aZfGh\\::[PRiVATE]-[Some.Movie.2020.1080p-GRP]-[1/9] "9c8b7a6d5e4f.mkv" (1/3)';
    expect(releaseNameOf({ nzb: nzbWith(null, tagged) })).toBe('Some.Movie.2020.1080p-GRP');
    const url = 'https://x.example/api?t=get&id=5d41402abc4b2a76&title=Some.Movie.2020';
    expect(releaseNameOf({ nzb: nzbWith(null, '5d41402abc4b2a76b9719d911017c592 (1/1)'), url })).toBe(
      'Some.Movie.2020',
    );
  });

  it('release name - is never empty and never a path', () => {
    expect(releaseNameOf({ nzb: nzbWith(null), url: 'no address' })).toBe('NZB abababababab');
    expect(releaseNameOf({ nzb: nzbWith(null, '"5d41402abc4b.part1.rar" (1/1)') })).toBe('5d41402abc4b');
    expect(releaseNameOf({ nzb: nzbWith('../../etc/some\u0000 name') })).toBe('.._.._etc_some name');
    expect(releaseNameOf({ nzb: nzbWith('a long name '.repeat(99)) }).length).toBeLessThanOrEqual(200);
  });
});
