// Small archives made by 7-Zip, Info-ZIP and Python's zipfile, of forms the large fixtures lack, and a writer of one that no
// program writes any more. `film(name, size)` says what is inside.

import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** `one.mkv` (301 bytes), `two.mkv` (202), `three.srt` (103); encrypted with its header, password `pw`. */
export const SEVEN_ZIP_LOCKED = decoded(
  'N3q8ryccAAS4kva5MAMAAAAAAAA/AAAAAAAAAN76p9+5LYOlCV6smzkztwgFZ8xMvhCsdzFWlGGrYAcZwRC+HC9IfPzq1DS6GrgyLr6w7A0XMiOq' +
    'hm0WGx3v1SHd10V1GwBgbGUSFkFKKdmGnUbgx9u3BgmJy0+VOJaMOpx2LtVBXQmOFy3M3HW1qmK/js+DeHJkqwN9+xgfvLdYfKyVk/gfBRW0qfWk' +
    'IBdVWzwKDq05uqRiciea9bmny1653PO7M1ggoVBmN8T1c3MMu4u9JQ9ZK/I0sCp441CAbhsG4bXlt0OSxwm71CzKJkLIPVV639YjzjGwvE7etTh2' +
    'ft9yf4gIbQIwhbXobT8mg99jbkP0jc2cHS33DRgLUOmQDlTd7PgP/oor56zlVLSC0qOqz17v03g06AWK74SBw49wzsO/0HO7R3e1zMBzQikPQG73' +
    'Dv1+5fUeg2r1EZ8/VGYJB4ZHr+2Vje2fG+tf1o2PXpDD3jusECom8hDibPQXRfVRhAAEZrJ1ybvXQOyGeLF+HVtAcnRRJb6nssRWzEHX4vSVlkZn' +
    'f/ZZEjc0zFluDfiHcIsrJ9DC3aeA3avRQ1xVaJsNWqXXTodnYjO2P48T+QS5urTA9+0Ot0oraNI+8T+ZVus916/UgqwwmRlp1ayv5t9udfhW4Lx0' +
    '094cBaorTcG7PHIdAcn8C5WT2pAMdIXbo6D0E3frOlsLJdlLpcoT55XFcB7cyHXO4n1pxqRQqWBTCIkTCRecDFkg6RMVmqkc0DYskcwHCqJqgAk1' +
    'mEZDt8aZnW98wCRKZIrqZlv/5+GUQcgj1dRu9cmEgo8yXRH5GOJA9A4LnCx+Mv91LF4oB3MQepehC8eSdlk2qBbku3+AlADQJjZZ4+FN7zwyOaAx' +
    'pGHw6CH1lrJ4D7WWFqMIHrnmKB/350TUqMU4cB8qLsDvtb2Udirk1AoeiswDUeWjTmoMsopGFN7W9i5HMbxXGxf/VityGlGuk6PZytTImpNAzVc0' +
    'HU4EUhotvgi0JlpJNoSjloyeYhfL9A+s5TN8iqWkNSxF20PSsmU4OWIsQz3/oIuqy5CsiaK7AGLRnHjZer20RYy4mtxSWHY8On9HZJHn/RPKe+QN' +
    'PLD0UBNBDlIXBoJwAQmAwAAHCwEAAiQG8QcBElMPyxn374+CUGmyZJd5qG+AIyMDAQEFXQAQAAABAAyAwIDyCgEA3ijhAAA=',
);

/** The same three; only the data is encrypted, password `pw`. */
export const SEVEN_ZIP_ENCRYPTED = decoded(
  'N3q8ryccAASY0lboMAMAAAAAAAAjAAAAAAAAAAMn9ycLDwmPt1QGcnWLAbpN0PyDW3pDU/QZbcJKZHCcdIKPQAue+Ad8zLRAQWb7Cl84ApsRXFKd' +
    'tdbjE2QQCcS4yRXZAVhLyJT8RgS2EcvvYtewpqxKYcjNt3HAGJlKV98uBX/17lE9jjIzjuKEUV5L/lk861nDMhLko51XeyAu0ruVMZSxhWrK9HPX' +
    'OGGvMuNyimxIQ2w73ucQ/RKmhFCJkaYPzQDw+tUq3OwwozQGkNAeDEYHeirdW3MSJA8CSDg1u2h6nNPOzht1jthtoURX7XxrXCJAbG1iWogFSPpw' +
    '483rxX/4s3KmG3olVocVCMptglnk1VwZabocddPyeSt0Nh0tWIsOwWOxH2/j8AZ3ecdQysTR90hgpjHVKAU8VhCoIRfXNbDFy649KU3veD9Dsdj1' +
    'UOl20m+hhLDBYXPPs4lYpayv/GD5YIThQ4v0xjlVP3pZhfMc0kzgRtozpmML6Cb6h8NAch4RK8yibO8JvcAi6QB4eMabDFyOdRgo8n1VStSMBtQd' +
    'FQGYr0/Lj7+AxOs4POUeBberoAWJveLz6+Xi5pC946nrFgT1bX32lxrTEe8dLNC955eKU7e/9X+W0cuq4hmLSJAOgcjC3j2cqx7Uo1dbBYsaSCDP' +
    'eMJLV2ZxSqvut8W1v72RdVETxLT1dkdV2RqZYA+YF1ruO03Yn79Xvfzj3p28mtn/vvc34RjoZcrAIaxFY08EFqARjwSnRHUUZwuxKDfRay7Fn8pV' +
    'C00BNrfbZe4N1KYkdvTybh/yUYRWggM/1Q01UrmewJHTtdyXyrHm7eQaeaJzMLZMf+HYrYJNYI4b8yai1R6NfpiDnwwAAIEzB65PpQeXQCalRtzs' +
    'tIE91v/7CZ6SqZxxS3Xn4eo615sn0V3JYzEBhM3JHH1iSMPIzZaMHp2au4udb+lLhl1iKDi4qMMn3k2JfUGij7+o+cSqtqMzOVFgT1tFJj265Sz3' +
    'GuUBk4kRrKjCEqlDA19Xsw44/XZvNOGHxgoPLk2ULxlhwQGJGpcoE3DEpuvTH/tNK4E94/Ntw4LgBRYwROm0gaBhqy7knFVVuehRrS7ehfPZi9DB' +
    'n4Jta2AAAAAXBoJwAQmAwAAHCwEAASMDAQEFXQAQAAAMgPIKAVBnriAAAA==',
);

/** `film.mkv`, which is `one.mkv`, with zip64 sizes and a comment. */
export const ZIP64 = decoded(
  'UEsDBC0AAAAAAAAAIQAf86dD//////////8IABQAZmlsbS5ta3YBABAALQEAAAAAAAAtAQAAAAAAAKDdpxwyU0ZSXEGTr738IhGVGSdXkAEY8XRm' +
    'rPcIemIYcVEph8Am3zHUpFL5oIjf6d6UpdRo1aJJDhUXsZeBwWug3accMlNGUlxBk6+9/CIRlRknV5ABGPF0Zqz3CHpiGHFRKYfAJt8x1KRS+aCI' +
    '3+nelKXUaNWiSQ4VF7GXgcFroN2nHDJTRlJcQZOvvfwiEZUZJ1eQARjxdGas9wh6YhhxUSmHwCbfMdSkUvmgiN/p3pSl1GjVokkOFRexl4HBa6Dd' +
    'pxwyU0ZSXEGTr738IhGVGSdXkAEY8XRmrPcIemIYcVEph8Am3zHUpFL5oIjf6d6UpdRo1aJJDhUXsZeBwWug3accMlNGUlxBk6+9/CIRlRknV5AB' +
    'GPF0Zqz3CHpiGHFRKYfAJt8x1KRS+aBQSwECLQMtAAAAAAAAACEAH/OnQy0BAAAtAQAACAAAAAAAAAAAAAAAgAEAAAAAZmlsbS5ta3ZQSwUGAAAA' +
    'AAEAAQA2AAAAZwEAAAkAYSBjb21tZW50',
);

/** `one.mkv`, encrypted. */
export const ZIP_ENCRYPTED = decoded(
  'UEsDBAoACQAAAJl1dV0f86dDOQEAAC0BAAAHABwAb25lLm1rdlVUCQADYq4Ba2KuAWt1eAsAAQQAAAAABAAAAACTkGhuXnnqQI9w5je63YkJCGh7' +
    'lnStO5lQ/hQ26I6wZ3f5WnXDyCj7xkfUHEOmyI/2KI4n8u1Gw5gJivet/awNSZQkT0cq2doCqog2YuWMGo4hhpii53Fo5wLM5dxLU+2djJH5tv0T' +
    'MXikk3tuyOm0quTnpwoxZJBe6B/98QwBEsP7bpDCowPK7q24S/QEIKY3cG0lQA6TZ6NUzD14CJrOAPGw4AadvCK6CiHL/wMvOQhGe16nmkfTKnJf' +
    '+eqIs2UhVN26k4xKEFTFyIaIP4llkCkKr+1stMKlkpVeO4bQwD5EsipPsopF5V8rGdfK0bL83A5oJY+OchSknxgOU42mpASAWv1wcAZ6ZSiBLGLb' +
    'RuAHTk+7D56ZfF92prhi+RVC2/PKRF+lTCFAi67phy8q8vzVgQbgkgCSUEsHCB/zp0M5AQAALQEAAFBLAQIeAwoACQAAAJl1dV0f86dDOQEAAC0B' +
    'AAAHABgAAAAAAAAAAACkgQAAAABvbmUubWt2VVQFAANirgFrdXgLAAEEAAAAAAQAAAAAUEsFBgAAAAABAAEATQAAAIoBAAAAAA==',
);

/** What the small archives hold under this name. */
export function smallFile(name: string, sizeBytes: number): Buffer {
  const digest = createHash('sha512').update(name).digest();
  return Buffer.concat(Array.from({ length: 10 }, () => digest)).subarray(0, sizeBytes);
}

/** A 7z with all files in one stream, stored; `coder` and `packed` where that stream is encrypted. */
export function solidSevenZip(
  files: Readonly<Record<string, Uint8Array>>,
  { coder = [0x01, 0x00], packed }: { readonly coder?: readonly number[]; readonly packed?: Uint8Array } = {},
): Buffer {
  const plain = Buffer.concat(Object.values(files));
  const data = packed ?? plain;
  const names = Buffer.from(`${Object.keys(files).join('\0')}\0`, 'utf16le');
  const sizes = Object.values(files).map(({ length }) => number(length));
  const header = Buffer.concat([
    Buffer.from([0x01, 0x04, 0x06, 0x00, 0x01, 0x09]),
    number(data.length),
    Buffer.from([0x00, 0x07, 0x0b, 0x01, 0x00, 0x01, ...coder, 0x0c]),
    number(plain.length),
    Buffer.from([0x00, 0x08, 0x0d, sizes.length, 0x09]),
    ...sizes.slice(0, -1),
    Buffer.from([0x00, 0x00, 0x05, sizes.length, 0x11]),
    number(names.length + 1),
    Buffer.from([0x00]),
    names,
    Buffer.from([0x00, 0x00]),
  ]);
  return sevenZipAround(data, header);
}

/** The start header, the data, the header. */
export function sevenZipAround(data: Uint8Array, header: Uint8Array): Buffer {
  const start = Buffer.alloc(32);
  start.set([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, 0, 4]);
  start.writeBigUInt64LE(BigInt(data.length), 12);
  start.writeBigUInt64LE(BigInt(header.length), 20);
  start.writeUInt32LE(crc32(header), 28);
  start.writeUInt32LE(crc32(start.subarray(12)), 8);
  return Buffer.concat([start, data, header]);
}

function number(value: number): Buffer {
  const long = Buffer.alloc(9, 0xff);
  long.writeBigUInt64LE(BigInt(value), 1);
  return value < 0x80 ? Buffer.from([value]) : long;
}

function decoded(base64: string): Buffer {
  return Buffer.from(base64, 'base64');
}
