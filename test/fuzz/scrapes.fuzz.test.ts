// Whatever a tracker answers to a scrape: counts of what was asked for, or a protocol error, soon.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HeadstartError, isInfoHash, type InfoHash } from '../../backend/content/index.js';
import { isPublicSwarm } from '../../backend/engines/torrent/index.js';
import { formatScrapeUrl, parseScrapeAnswer } from '../../backend/engines/torrent/scrape/http-scrape.js';
import { decodeTrackerPacket, encodeScrape } from '../../backend/engines/torrent/scrape/udp-packets.js';
import { startProcessorTime } from '../support/processor-time.js';

/** Generous: it catches loops and explosions, not slow machines. */
const BOUND_MS = 2_000;
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 2_000);

const infoHash = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .map((bytes) => Buffer.from(bytes).toString('hex'))
  .filter((text): text is InfoHash => isInfoHash(text));
const number = fc.oneof(fc.nat(), fc.maxSafeInteger(), fc.constantFrom('-1', '00', '99999999999999999999', '', 'x'));
const entry = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(number, number).map(([a, b]) => `d8:completei${a}e10:incompletei${b}ee`) },
  fc.constantFrom('de', 'le', 'i5e', '4:text', 'd8:complete', 'd8:completed1:ai1eee'),
);
const scrape = fc.array(fc.tuple(infoHash, entry), { maxLength: 8 }).map((files) => ({
  infoHashes: files.map(([hash]) => hash),
  bytes: Buffer.concat([
    Buffer.from('d5:filesd'),
    ...files.flatMap(([hash, value]) => [Buffer.from('20:'), Buffer.from(hash, 'hex'), Buffer.from(value)]),
    Buffer.from('ee'),
  ]),
}));
const noise = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .array(fc.constantFrom('d', 'l', 'e', 'i', '5:files', '20:', '0:', '9', '-', ':', '\0', 'd5:filesd', 'ee'), {
      maxLength: 40,
    })
    .map((parts) => Buffer.from(parts.join(''))),
);

/** What `read` gives; null where it says what is wrong. */
function orRefusal<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch (error) {
    expect(error).toBeInstanceOf(HeadstartError);
    return null;
  }
}

function checkAnswer(bytes: Uint8Array, infoHashes: readonly InfoHash[]): void {
  const counts = orRefusal(() => parseScrapeAnswer(bytes, infoHashes));
  if (counts === null) return;
  expect(new Set(counts.keys())).toEqual(new Set(infoHashes));
  for (const count of counts.values())
    for (const some of Object.values(count)) expect(Number.isSafeInteger(some) && some >= 0).toBe(true);
}

describe('scrapes', () => {
  it('answers over HTTP - are counts of what was asked for, or refused', () => {
    fc.assert(
      fc.property(scrape, noise, fc.nat(400), ({ bytes, infoHashes }, other, length) => {
        checkAnswer(bytes, infoHashes);
        checkAnswer(bytes.subarray(0, length), infoHashes);
        checkAnswer(other, infoHashes);
      }),
      { numRuns: RUNS },
    );
  });

  it.each(['d', 'l', '0:', 'd5:filesd', 'i5e'])('a quarter of a MB of %s - is refused soon', (part) => {
    const elapsedMs = startProcessorTime();
    checkAnswer(Buffer.from(`d5:files${part.repeat(262_144 / part.length)}`), []);
    expect(elapsedMs()).toBeLessThan(BOUND_MS);
  });

  it('well-formed answers over HTTP - are read back', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(infoHash, fc.nat(), fc.nat()), { maxLength: 70, selector: ([hash]) => hash }),
        (files) => {
          const entries = files.map(([hash, a, b]) =>
            Buffer.concat([
              Buffer.from('20:'),
              Buffer.from(hash, 'hex'),
              Buffer.from(`d8:completei${a}e10:incompletei${b}ee`),
            ]),
          );
          const bytes = Buffer.concat([Buffer.from('d5:filesd'), ...entries, Buffer.from('ee')]);
          const counts = parseScrapeAnswer(
            bytes,
            files.map(([hash]) => hash),
          );
          for (const [hash, seeders, leechers] of files) expect(counts.get(hash)).toEqual({ seeders, leechers });
        },
      ),
      { numRuns: RUNS / 10 },
    );
  });

  it('packets - are what trackers say, or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1200 }), fc.constantFrom(0, 1, 2, 3, 4), (bytes, action) => {
        if (bytes.length > 3) bytes.set([0, 0, 0, action]);
        const packet = orRefusal(() => decodeTrackerPacket(bytes));
        if (packet?.kind === 'counted') expect(packet.counts.length).toBeLessThanOrEqual((bytes.length - 8) / 12);
      }),
      { numRuns: RUNS },
    );
  });

  it('requests - hold every torrent, over UDP and HTTP', () => {
    fc.assert(
      fc.property(
        fc.array(infoHash, { maxLength: 70 }),
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        (asked, connectionId) => {
          const packet = Buffer.from(encodeScrape({ connectionId, transactionId: 1 }, asked));
          expect(packet.readBigUInt64BE(0)).toBe(connectionId);
          expect(packet.subarray(16).toString('hex')).toBe(asked.join(''));
          const url = formatScrapeUrl('http://tracker.example/announce', asked) ?? '';
          expect(
            url
              .split('info_hash=')
              .slice(1)
              .map((text) => text.replaceAll(/[%&]/g, '')),
          ).toEqual(asked);
        },
      ),
      { numRuns: RUNS / 10 },
    );
  });

  it('metadata - is of a public torrent or not, or refused', () => {
    fc.assert(
      fc.property(noise, (info) => {
        const isPublic = orRefusal(() => isPublicSwarm({ info, trackers: [] }));
        expect([true, false, null]).toContain(isPublic);
      }),
      { numRuns: RUNS },
    );
  });
});
