import { describe, expect, it } from '@jest/globals';
import {
  codecClassOf,
  hdrClassOf,
  qualityClassOf,
  resolutionClassOf,
  spokenLanguagesOf,
} from '../../../../backend/discovery/ranking/classes.js';
import { parseReleaseName } from '../../../../backend/naming/index.js';

describe('classes of releases', () => {
  it.each([
    ['4K', '2160p'],
    ['2160p', '2160p'],
    ['3840x1600', '2160p'],
    ['1440p', '1440p'],
    ['1080i', '1080p'],
    ['1920x800', '1080p'],
    ['1280x534', '720p'],
    ['576p', '576p'],
    ['540p', '576p'],
    ['480p', '480p'],
    ['360p', 'other'],
    ['4320p', 'other'],
    ['', 'other'],
  ])('resolution - %s is %s', (tail, resolution) => {
    expect(resolutionClassOf(parseReleaseName(`Paper Lantern 2019 ${tail}`))).toBe(resolution);
  });

  it.each([
    ['BluRay REMUX', 'remux'],
    ['BluRay', 'bluray'],
    ['BDRip', 'bluray'],
    ['UHDRip', 'bluray'],
    ['WEB-DL', 'web'],
    ['WEBRip', 'web'],
    ['HDRip', 'web'],
    ['HDTV', 'hdtv'],
    ['PDTV', 'hdtv'],
    ['SATRip', 'hdtv'],
    ['DVDRip', 'dvd'],
    ['DVD', 'dvd'],
    ['DVDSCR', 'screener'],
    ['SCREENER', 'screener'],
    ['HDCAM', 'cam'],
    ['HDTS', 'cam'],
    ['WORKPRINT', 'cam'],
    ['', null],
  ])('quality - %s is %s', (tail, quality) => {
    expect(qualityClassOf(parseReleaseName(`Paper Lantern 2019 1080p ${tail}`))).toBe(quality);
  });

  it.each([
    ['x264', 'avc'],
    ['H.264', 'avc'],
    ['AVC', 'avc'],
    ['x265', 'hevc'],
    ['HEVC', 'hevc'],
    ['AV1', 'av1'],
    ['VP9', 'vp9'],
    ['XviD', 'xvid'],
    ['DivX', 'xvid'],
    ['MPEG2', 'other'],
    ['', null],
  ])('codec - %s is %s', (tail, codec) => {
    expect(codecClassOf(parseReleaseName(`Paper Lantern 2019 1080p ${tail}`))).toBe(codec);
  });

  it.each([
    ['HDR', 'hdr'],
    ['HDR10Plus', 'hdr'],
    ['DV HDR10', 'hdr'],
    ['Dolby Vision', 'dolbyVision'],
    ['SDR', 'sdr'],
    ['', 'sdr'],
  ])('hdr - %s is %s', (tail, hdr) => {
    expect(hdrClassOf(parseReleaseName(`Paper Lantern 2019 2160p ${tail}`))).toBe(hdr);
  });

  it.each([
    ['FRENCH', ['fr'], false],
    ['MULTi FRENCH', ['fr'], true],
    ['Dual Audio', [], true],
    ['Latino', ['es'], false],
    ['Multi-Subs', [], false],
    ['', [], false],
  ])('languages - %s', (tail, named, hasMore) => {
    expect(spokenLanguagesOf(parseReleaseName(`Paper Lantern 2019 1080p ${tail}`))).toEqual({ named, hasMore });
  });
});
