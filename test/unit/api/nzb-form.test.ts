import { describe, expect, it } from '@jest/globals';
import { PassThrough } from 'node:stream';
import type { Request } from 'express';
import { ManualClock } from '../../support/manual-clock.js';
import { NzbForms, type NzbForm, type NzbFormLimits } from '../../../backend/api/nzb-form.js';

const BOUNDARY = 'boundary';
const part = (disposition: string, text: string): string =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${text}\r\n`;
const field = (name: string, text: string): string => part(`name="${name}"`, text);
const upload = (text: string, name = 'file'): string => part(`name="${name}"; filename="a.nzb"`, text);

/** A request whose body is still to be written. */
function requestOf(contentType = `multipart/form-data; boundary=${BOUNDARY}`): PassThrough & Request {
  const body = new PassThrough();
  const req = Object.assign(body, { headers: { 'content-type': contentType }, query: {}, complete: false });
  req.once('finish', () => (req.complete = true));
  return req as never;
}

function reading(forms: NzbForms, req: Request, isAllowed = true): Promise<NzbForm> {
  const form = forms.read(req, { isAllowed: () => isAllowed });
  form.catch(() => undefined);
  return form;
}

function read(body: string, limits: NzbFormLimits = {}, isAllowed = true): Promise<NzbForm> {
  const req = requestOf();
  const form = reading(new NzbForms(limits), req, isAllowed);
  req.end(`${body}--${BOUNDARY}--\r\n`);
  return form;
}

const textOf = ({ file }: NzbForm): string | null => (file === null ? null : Buffer.from(file.bytes).toString());

describe('nzb form', () => {
  it('nzb form - reads fields and one upload, byte by byte as well', async () => {
    const whole = `${field('a', '1')}${upload('<nzb/>')}${upload('another', 'other')}${field('b', 'é')}--${BOUNDARY}--\r\n`;
    const req = requestOf();
    const form = reading(new NzbForms(), req);
    for (const byte of Buffer.from(whole)) req.write(Buffer.of(byte));
    req.end();
    expect([...(await form).fields]).toEqual([
      ['a', '1'],
      ['b', 'é'],
    ]);
    expect([textOf(await form), (await form).file?.name]).toEqual(['<nzb/>', 'a.nzb']);
  });

  it('nzb form - the upload is called as the dialect says; a text of that name is a field', async () => {
    const req = requestOf();
    const form = new NzbForms().read(req, { isAllowed: () => true, fileFields: ['name', 'nzbfile'] });
    req.end(`${upload('other')}${upload('<nzb/>', 'nzbfile')}${field('name', 'x')}--${BOUNDARY}--\r\n`);
    expect([textOf(await form), [...(await form).fields]]).toEqual(['<nzb/>', [['name', 'x']]]);
  });

  it('nzb form - no form is no fields', async () => {
    const form = await reading(new NzbForms(), requestOf('text/plain'));
    expect([form.fields.size, form.file]).toEqual([0, null]);
  });

  it('nzb form - JSON is refused in words, but not to strangers, nor when the query says it all', async () => {
    const asJson = (isAllowed: boolean, query = {}): Promise<NzbForm> =>
      reading(new NzbForms(), Object.assign(requestOf('application/json; charset=utf-8'), { query }), isAllowed);
    await expect(asJson(true)).rejects.toMatchObject({ code: 'INPUT', message: expect.stringContaining('not JSON') });
    expect((await asJson(false)).fields.size).toBe(0);
    expect((await asJson(true, { nzb_url: 'http://indexer.example/1' })).fields.size).toBe(1);
  });

  it('nzb form - an upload over its limit is refused; a stranger’s sooner', async () => {
    const limits = { maxBytes: 100, maxUnknownBytes: 10 };
    expect(textOf(await read(upload('x'.repeat(100)), limits))).toHaveLength(100);
    await expect(read(upload('x'.repeat(101)), limits)).rejects.toMatchObject({ code: 'TOO_LARGE' });
    expect(textOf(await read(upload('x'.repeat(10)), limits, false))).toHaveLength(10);
    await expect(read(upload('x'.repeat(11)), limits, false)).rejects.toMatchObject({ code: 'TOO_LARGE' });
  });

  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const sending = (forms: NzbForms, text: string, isAllowed = true): Promise<NzbForm> => {
    const req = requestOf();
    const form = reading(forms, req, isAllowed);
    req.end(`${upload(text)}--${BOUNDARY}--\r\n`);
    return form;
  };

  it('nzb form - when full of uploads, further ones wait until one was released', async () => {
    const forms = new NzbForms({ maxAtOnce: 1 });
    const first = await sending(forms, 'x'.repeat(100_000));
    const passed: (string | null)[] = [];
    const others = ['y', 'z'].map(async (text) => {
      const form = await sending(forms, text);
      passed.push(textOf(form));
      return form;
    });
    await settled();
    expect(passed).toEqual([]);
    first.file?.release();
    first.file?.release();
    expect(textOf(first)).toBe('');
    (await others[0])?.file?.release();
    await others[1];
    expect(passed).toEqual(['y', 'z']);
  });

  it('nzb form - who waits too long, or is a stranger, is told to come back', async () => {
    const clock = new ManualClock();
    const forms = new NzbForms({ maxAtOnce: 1 }, clock);
    const first = await sending(forms, 'x');
    await sending(forms, 'x', false);
    await expect(sending(forms, 'y', false)).rejects.toMatchObject({ code: 'BUSY' });
    const late = sending(forms, 'y');
    await settled();
    await clock.advance(20_000);
    await expect(late).rejects.toMatchObject({ code: 'BUSY' });
    first.file?.release();
    expect(textOf(await sending(forms, 'z'))).toBe('z');
  });

  it('nzb form - who waits may go, and leaves no place taken', async () => {
    const forms = new NzbForms({ maxAtOnce: 1 });
    const first = await sending(forms, 'x');
    const req = requestOf();
    const going = reading(forms, req);
    req.write(upload('half').slice(0, -8));
    await settled();
    req.destroy();
    await expect(going).rejects.toMatchObject({ name: 'AbortError' });
    first.file?.release();
    expect(textOf(await sending(forms, 'z'))).toBe('z');
  });

  it('nzb form - too many fields, too long ones, and a broken form are the caller’s fault', async () => {
    const many = Array.from({ length: 70 }, (_, place) => field(`f${place}`, '1')).join('');
    await expect(read(many)).rejects.toMatchObject({ code: 'INPUT' });
    await expect(read(field('a', 'x'.repeat(17 * 1024)))).rejects.toMatchObject({ code: 'INPUT' });
    const req = requestOf();
    const form = reading(new NzbForms(), req);
    req.end(upload('never ended').slice(0, -5));
    await expect(form).rejects.toMatchObject({ code: 'INPUT' });
  });

  it('nzb form - a client that goes away ends the reading', async () => {
    const req = requestOf();
    const form = reading(new NzbForms(), req);
    req.write(upload('half').slice(0, -8));
    req.destroy();
    await expect(form).rejects.toMatchObject({ name: 'AbortError' });
  });
});
