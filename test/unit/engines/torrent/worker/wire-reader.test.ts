import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { WireReader } from '../../../../../backend/engines/torrent/worker/wire-reader.js';

type Event = readonly [kind: string, ...rest: (number | string)[]];

/** Everything a reader tells while it is fed `parts`. */
function eventsOf(parts: readonly Uint8Array[]): Event[] {
  const events: Event[] = [];
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
  const reader = new WireReader({
    keepAlive: () => events.push(['keepAlive']),
    message: (message) => events.push(['message', hex(message)]),
    piece: (index, begin, block) => events.push(['piece', index, begin, hex(block)]),
    broken: () => events.push(['broken']),
  });
  for (const part of parts) reader.push(part);
  return events;
}

function framed(body: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}

function pieceMessage(index: number, begin: number, block: Uint8Array): Buffer {
  const head = Buffer.alloc(9);
  head[0] = 7;
  head.writeUInt32BE(index, 1);
  head.writeUInt32BE(begin, 5);
  return framed(Buffer.concat([head, block]));
}

const message = fc.oneof(
  fc.constant(Buffer.alloc(4)),
  fc
    .uint8Array({ minLength: 1, maxLength: 60 })
    .filter((body) => body[0] !== 7)
    .map(framed),
  fc
    .tuple(fc.nat(1e6), fc.nat(1e6), fc.uint8Array({ maxLength: 300 }))
    .map(([index, begin, block]) => pieceMessage(index, begin, block)),
);

describe('wire reader', () => {
  it('messages - are the same however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 12 }), fc.array(fc.nat(400), { maxLength: 12 }), (messages, cuts) => {
        const bytes = Buffer.concat(messages);
        const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
        const parts = places.slice(1).map((end, i) => bytes.subarray(places[i], end));
        const whole = eventsOf([bytes]);
        expect(whole).toHaveLength(messages.length);
        expect(eventsOf(parts)).toEqual(whole);
        expect(eventsOf([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
      }),
    );
  });

  it('a block - carries its place, larger than 16 KiB too', () => {
    const block = Buffer.alloc(70_000, 5);
    expect(eventsOf([pieceMessage(3, 16_384, block)])).toEqual([['piece', 3, 16_384, block.toString('hex')]]);
  });

  it('a message that is too long - breaks the connection at once, nothing is kept of it', () => {
    const tooLong = Buffer.alloc(9, 20);
    tooLong.writeUInt32BE(0xffff_fff0);
    expect(eventsOf([tooLong, Buffer.alloc(1000)])).toEqual([['broken']]);
    expect(eventsOf([pieceMessage(0, 0, Buffer.alloc(200_000))])).toEqual([['broken']]);
  });

  it('noise - never throws and never reads past its input', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 }), (parts) => {
        expect(() => eventsOf(parts)).not.toThrow();
      }),
    );
  });
});
