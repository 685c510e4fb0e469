import { describe, expect, it } from '@jest/globals';
import { html } from '../../../../addon/pages/html.js';

describe('html', () => {
  it('values - cannot become markup, inside or outside of quotes', () => {
    const name = `"><script>alert('1')</script>&`;
    expect(html`<a title="${name}">${name}</a>`.text).toBe(
      '<a title="&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;">&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;</a>',
    );
  });

  it('parts - that are HTML already are put in as they are, lists joined', () => {
    const items = [1, 2].map((number) => html`<li>${number}</li>`);
    expect(
      html`<ul>
        ${items}
      </ul>`.text.replace(/\s/g, ''),
    ).toBe('<ul><li>1</li><li>2</li></ul>');
  });
});
