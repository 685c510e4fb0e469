// What other programs are told.

import { describe, expect, it } from '@jest/globals';
import { programsSection } from '../../../../addon/pages/programs-section.js';

const options = {
  ...{ webdavUser: 'headstart', passwordUrl: '/api/webdav/password' },
  ...{ keyPlace: 'set by API_KEY', needsKey: true },
};

/** Of the card: what stands in each field, by its id. */
function fieldsAt(origin: string): Record<string, string> {
  const { text } = programsSection({ ...options, origin });
  const inputs = text.matchAll(/<input id="([^"]+)" type="text" readonly value="([^"]*)"/g);
  return Object.fromEntries([...inputs].map(([, id = '', value = '']) => [id, value]));
}

describe('what other programs are told', () => {
  it.each([
    ['http://192.0.2.7:7000', ['192.0.2.7', '7000', 'sabnzbd'], 'off'],
    ['https://tv.example', ['tv.example', '443', 'sabnzbd'], 'on'],
    ['http://tv.example/headstart', ['tv.example', '80', 'headstart/sabnzbd'], 'off'],
  ])('%s - is host, port and URL base, each in a field with its own Copy', (origin, expected, ssl) => {
    const fields = fieldsAt(origin);
    expect([fields['sabnzbd-host'], fields['sabnzbd-port'], fields['sabnzbd-url-base']]).toEqual(expected);
    const { text } = programsSection({ ...options, origin });
    for (const id of Object.keys(fields)) expect(text).toContain(`data-copy="${id}"`);
    expect(text).toContain(`Use SSL: ${ssl}.`);
  });

  it('the playlist - is given without the key, and says what is missing', () => {
    expect(fieldsAt('http://tv.example')['playlist-url']).toBe('http://tv.example/api/library/playlist.m3u8');
    expect(programsSection({ ...options, origin: 'http://tv.example' }).text).toContain(
      'It answers 401 until <code>?apikey=</code> and the key are added',
    );
    const open = programsSection({ ...options, needsKey: false, origin: 'http://tv.example' });
    expect(open.text).not.toContain('401');
  });

  it('the WebDAV password - is said where it is, and renewed only where no setting gives it', () => {
    const own = programsSection({ ...options, origin: 'http://tv.example' }).text;
    expect(own).toContain('in the file <code>webdav-password</code> in the data folder');
    expect(own).toContain('id="renew-password"');
    const set = programsSection({ ...options, passwordUrl: null, origin: 'http://tv.example' }).text;
    expect(set).toContain('the one in WEBDAV_PASSWORD');
    expect(set).not.toContain('renew-password');
  });
});
