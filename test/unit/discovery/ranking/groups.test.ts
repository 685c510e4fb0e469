import { describe, expect, it } from '@jest/globals';
import { Groups } from '../../../../backend/discovery/ranking/groups.js';

describe('groups', () => {
  it('nothing said - everything is alone', () => {
    expect(new Groups(3).list()).toEqual([[0], [1], [2]]);
  });

  it('joined - also through others, whichever way round', () => {
    const groups = new Groups(6);
    groups.join(4, 2);
    groups.join(0, 4);
    groups.join(5, 5);
    groups.join(3, 1);
    expect(groups.list()).toEqual([[0, 2, 4], [1, 3], [5]]);
  });

  it('a chain of 50 000 - is one group', () => {
    const groups = new Groups(50_000);
    for (let index = 49_999; index > 0; index -= 1) groups.join(index, index - 1);
    expect(groups.list()).toHaveLength(1);
  });
});
