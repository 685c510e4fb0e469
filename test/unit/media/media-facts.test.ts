import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseFfprobe } from '../../../backend/media/media-facts.js';

const streams = [
  { codec_type: 'video', codec_name: 'mjpeg', width: 600, height: 900, disposition: { attached_pic: 1 } },
  {
    codec_type: 'video',
    codec_name: 'hevc',
    width: 3840,
    height: 2160,
    avg_frame_rate: '24000/1001',
    color_transfer: 'smpte2084',
  },
  { codec_type: 'audio', codec_name: 'eac3', channels: 6, tags: { language: 'GER' } },
  { codec_type: 'audio', codec_name: 'aac', channels: 2, tags: { language: 'und' } },
  { index: 4, codec_type: 'subtitle', codec_name: 'subrip', tags: { language: 'eng' } },
  { index: 5, codec_type: 'subtitle', codec_name: 'hdmv_pgs_subtitle' },
  { index: -1, codec_type: 'subtitle', codec_name: 'subrip' },
  { codec_type: 'attachment', codec_name: 'ttf' },
];
const format = { format_name: 'matroska,webm', duration: '5400.250000', bit_rate: '20000000' };
const print = (value: unknown): string => JSON.stringify(value);

describe('media facts', () => {
  it('a film - is told with its picture, sound and subtitles', () => {
    expect(parseFfprobe(print({ format, streams }))).toEqual({
      container: 'matroska',
      durationSeconds: 5400.25,
      bitrate: 20_000_000,
      video: { codec: 'hevc', width: 3840, height: 2160, hdr: 'HDR10', frameRate: 23.976 },
      audio: [
        { codec: 'eac3', channels: 6, language: 'ger' },
        { codec: 'aac', channels: 2, language: null },
      ],
      subtitles: [
        { index: 4, codec: 'subrip', language: 'eng', isText: true },
        { index: 5, codec: 'hdmv_pgs_subtitle', language: null, isText: false },
      ],
    });
  });

  it.each([
    [{ side_data_list: [{ side_data_type: 'DOVI configuration record' }], color_transfer: 'smpte2084' }, 'DV'],
    [{ color_transfer: 'arib-std-b67' }, 'HLG'],
    [{ color_transfer: 'bt709' }, null],
    [{}, null],
  ])('range of %j - is %s', (more, hdr) => {
    const video = { codec_type: 'video', codec_name: 'hevc', width: 16, height: 16, ...more };
    expect(parseFfprobe(print({ format, streams: [video] }))?.video?.hdr).toBe(hdr);
  });

  it('numbers that cannot be - are left out', () => {
    const odd = { ...streams[1], avg_frame_rate: '1/0' };
    const facts = parseFfprobe(print({ format: { ...format, duration: '-1', bit_rate: 'N/A' }, streams: [odd] }));
    expect(facts).toMatchObject({ durationSeconds: null, bitrate: null, video: { frameRate: null } });
    const huge = { codec_type: 'video', codec_name: 'h264', width: 1e9, height: 2 };
    expect(parseFfprobe(print({ format, streams: [huge] }))?.video).toBeNull();
  });

  it('names that are no names - are left out', () => {
    const odd = { codec_type: 'audio', codec_name: 'aac', channels: 2, tags: { language: '<b>\n' } };
    expect(parseFfprobe(print({ format, streams: [odd] }))?.audio).toEqual([
      { codec: 'aac', channels: 2, language: null },
    ]);
    expect(parseFfprobe(print({ format: { format_name: 'x'.repeat(100) }, streams }))).toBeNull();
  });

  it.each(['', '{}', '[]', 'null', '{"format":{}}', '{"format":{"format_name":"avi"},"streams":[]}', '{"format"'])(
    '%j - tells nothing',
    (text) => {
      expect(parseFfprobe(text)).toBeNull();
    },
  );

  it('many tracks - are cut', () => {
    const many = Array.from({ length: 5000 }, () => streams[2]);
    expect(parseFfprobe(print({ format, streams: many }))?.audio.length).toBe(100);
  });

  it('whatever is printed - gives facts or nothing', () => {
    const stream = fc.dictionary(
      fc.constantFrom('codec_type', 'codec_name', 'width', 'channels', 'tags', 'avg_frame_rate', 'disposition'),
      fc.oneof(fc.constantFrom('video', 'audio', 'subtitle'), fc.jsonValue()),
    );
    const printed = fc.oneof(
      fc.string(),
      fc.json(),
      fc.record({ format: fc.oneof(fc.constant(format), fc.jsonValue()), streams: fc.array(stream) }).map(print),
    );
    fc.assert(
      fc.property(printed, (text) => {
        const facts = parseFfprobe(text);
        expect(facts === null || facts.container.length <= 64).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
