// Which addresses may be reached for somebody else.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { AddressPolicy } from '../../../backend/platform/index.js';

const strict = new AddressPolicy(false);
const open = new AddressPolicy(true);

const METADATA = ['169.254.169.254', 'fd00:ec2::254', '100.100.100.200', '168.63.129.16', '192.0.0.192'];

/** The same IPv4 address in each form that IPv6 can carry it. */
function carriers(ip: string): string[] {
  const [a = 0, b = 0, c = 0, d = 0] = ip.split('.').map(Number);
  const high = ((a << 8) | b).toString(16);
  const low = ((c << 8) | d).toString(16);
  return [
    `::ffff:${ip}`,
    `::ffff:${high}:${low}`,
    `64:ff9b::${high}:${low}`,
    `2002:${high}:${low}::1`,
    `::ffff:0:${high}:${low}`,
  ];
}

describe('address policy', () => {
  it.each(['1.1.1.1', '93.184.215.14', '2606:4700::1111', '2a00:1450::1', '::ffff:8.8.8.8', '2002:808:808::1'])(
    'public %s - is allowed',
    (ip) => {
      expect(strict.allows(ip)).toBe(true);
    },
  );

  it.each([
    '0.0.0.0',
    '0.1.2.3',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.1.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.1',
    '192.0.2.1',
    '192.168.0.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.250',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::2',
    'fe80::1',
    'fec0::1',
    'fc00::1',
    'fd12:3456::1',
    'ff02::1',
    '2001:db8::1',
    '2001::1',
    '100::1',
    '64:ff9b:1::1',
    '::7f00:1',
    '4000::1',
    '3fff::1',
  ])('%s - is refused', (ip) => {
    expect(strict.allows(ip)).toBe(false);
  });

  it.each([
    '',
    'localhost',
    '127.1',
    '0x7f000001',
    '2130706433',
    '0177.0.0.1',
    '1.1.1.1:80',
    '[::1]',
    'fe80::1%eth0',
    '1.1.1.1 ',
  ])('%j - is no address, whatever is allowed', (ip) => {
    expect(open.allows(ip)).toBe(false);
  });

  it('everything private - can be allowed, but neither multicast nor nowhere', () => {
    expect(
      ['127.0.0.1', '10.0.0.1', '192.168.1.1', '100.64.0.1', '169.254.1.1', '::1', 'fd00::1', 'fe80::1'].every((ip) =>
        open.allows(ip),
      ),
    ).toBe(true);
    expect(['224.0.0.1', '255.255.255.255', '0.0.0.0', '::', 'ff02::1'].some((ip) => open.allows(ip))).toBe(false);
  });

  it('some networks - are allowed beside the public ones', () => {
    const policy = new AddressPolicy(['10.1.0.0/16', '::1/128']);
    expect(['10.1.2.3', '::1', '::ffff:10.1.2.3', '1.1.1.1'].every((ip) => policy.allows(ip))).toBe(true);
    expect(['10.2.0.1', '127.0.0.1', '::ffff:127.0.0.1', 'fd00::1'].some((ip) => policy.allows(ip))).toBe(false);
  });

  it.each(METADATA)('cloud metadata at %s - is never allowed, in no form', (ip) => {
    const policies = [strict, open, new AddressPolicy(['0.0.0.0/0', '::/0'])];
    const forms = ip.includes(':') ? [ip] : [ip, ...carriers(ip)];
    for (const policy of policies) expect(forms.filter((form) => policy.allows(form))).toEqual([]);
  });

  it('an address carried by another - is treated as itself', () => {
    const policies = [strict, open, new AddressPolicy(['10.0.0.0/8'])];
    fc.assert(
      fc.property(fc.ipV4(), fc.constantFrom(...policies), (ip, policy) => {
        expect(carriers(ip).map((form) => policy.allows(form))).toEqual(carriers(ip).map(() => policy.allows(ip)));
      }),
    );
  });

  it('strict policy - allows only what lies outside every special range', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (ip) => {
        if (!strict.allows(ip)) return true;
        const address = ipaddr.process(ip);
        return ['unicast', '6to4', 'rfc6052', 'rfc6145'].includes(address.range());
      }),
      { numRuns: 1000 },
    );
  });

  it('any text - gets an answer', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof open.allows(text) === 'boolean'));
  });
});
