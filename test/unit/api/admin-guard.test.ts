// Who passes as the admin: keys, and sessions in requests that only our own pages can have sent.

import { describe, expect, it } from '@jest/globals';
import type { Request, Response } from 'express';
import { requireAdmin } from '../../../backend/api/index.js';
import { HeadstartError } from '../../../backend/content/index.js';

const OWN = 'http://headstart.example:7000/under/a/prefix';
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

interface Asked {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly isOpen?: boolean;
  readonly isSignedIn?: boolean;
}

/** `passed`, or the code of the refusal. */
function judged({ headers, isOpen = false, isSignedIn = true, method }: Asked): string {
  const access = { isOpen, isApiKey: (key: string) => key === 'good' };
  const guard = requireAdmin({ access, isSignedIn: () => isSignedIn, originOf: () => OWN });
  let seen: unknown = 'nothing';
  void guard({ method, headers, query: {} } as unknown as Request, {} as Response, (error?: unknown) => (seen = error));
  if (seen === undefined) return 'passed';
  return seen instanceof HeadstartError ? seen.code : 'unknown';
}

describe('admin guard', () => {
  it('the API key - opens, wherever the request comes from', () => {
    const headers = { 'x-api-key': 'good', origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    expect(judged({ method: 'POST', headers, isSignedIn: false })).toBe('passed');
  });

  it('with AUTH=none - everybody passes', () => {
    expect(judged({ method: 'DELETE', headers: {}, isOpen: true, isSignedIn: false })).toBe('passed');
  });

  it('neither key nor session - is unauthorized', () => {
    const headers = { ...JSON_TYPE, 'sec-fetch-site': 'same-origin' };
    expect(judged({ method: 'PUT', headers, isSignedIn: false })).toBe('UNAUTHORIZED');
  });

  it.each([
    ['GET', { 'sec-fetch-site': 'same-origin' }, 'passed'],
    ['GET', { 'sec-fetch-site': 'none' }, 'passed'],
    ['GET', { 'sec-fetch-site': 'same-site' }, 'FORBIDDEN'],
    ['GET', { 'sec-fetch-site': 'cross-site' }, 'FORBIDDEN'],
    ['GET', {}, 'passed'],
    ['GET', { origin: 'https://evil.example' }, 'FORBIDDEN'],
    ['PUT', { ...JSON_TYPE, 'sec-fetch-site': 'same-origin' }, 'passed'],
    ['PUT', { ...JSON_TYPE, 'sec-fetch-site': 'none' }, 'FORBIDDEN'],
    ['PUT', { ...JSON_TYPE, 'sec-fetch-site': 'same-site' }, 'FORBIDDEN'],
    ['POST', { ...JSON_TYPE, origin: 'http://headstart.example:7000' }, 'passed'],
    ['POST', { ...JSON_TYPE, origin: 'http://headstart.example' }, 'FORBIDDEN'],
    ['POST', { ...JSON_TYPE, origin: 'https://headstart.example:7000' }, 'FORBIDDEN'],
    ['POST', { ...JSON_TYPE, origin: 'null' }, 'FORBIDDEN'],
    ['POST', JSON_TYPE, 'FORBIDDEN'],
    ['DELETE', {}, 'FORBIDDEN'],
    ['DELETE', { origin: 'http://headstart.example:7000' }, 'passed'],
    ['POST', { 'sec-fetch-site': 'same-origin' }, 'INPUT'],
    ['POST', { 'sec-fetch-site': 'same-origin', 'content-type': 'text/plain' }, 'INPUT'],
    ['POST', { 'sec-fetch-site': 'same-origin', 'content-type': 'application/jsonp' }, 'INPUT'],
    ['PUT', { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' }, 'INPUT'],
  ] as const)('a session, %s with %j - %s', (method, headers, outcome) => {
    expect(judged({ method, headers })).toBe(outcome);
  });
});
