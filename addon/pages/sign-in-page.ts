// The door to the settings: one field for the API key. Pure.

import { html, type Html } from './html.js';
import type { Landing } from './landing.js';

/** What went wrong with the last attempt, in words. */
export type SignInProblem = 'wrong-key' | 'too-often' | 'foreign';

const PROBLEMS: Readonly<Record<SignInProblem, string>> = {
  'wrong-key': 'That is not the API key.',
  'too-often': 'Too many attempts. Wait a few minutes and try again.',
  foreign: 'This form was sent from another site. Try again here.',
};

export interface SignInPageOptions {
  /** Path prefix of the server as the browser sees it, no trailing slash. */
  readonly prefix: string;
  readonly landing: Landing;
  readonly problem: SignInProblem | null;
}

/** The sign-in form. */
export function signInPage({ prefix, landing, problem }: SignInPageOptions): Html {
  const message =
    problem === null ? html`` : html`<p class="problem" role="alert" id="problem">${PROBLEMS[problem]}</p>`;
  const described = problem === null ? 'key-help' : 'problem key-help';
  return html`<section class="card narrow" aria-labelledby="sign-in-title">
    <h1 id="sign-in-title">Sign in</h1>
    <form method="post" action="${prefix}/sign-in">
      ${message}
      <input type="hidden" name="to" value="${landing}" />
      <input
        class="sr"
        type="text"
        autocomplete="username"
        value="headstart"
        readonly
        tabindex="-1"
        aria-hidden="true"
      />
      <label class="field" for="api-key">API key</label>
      <input
        id="api-key"
        name="apiKey"
        type="password"
        required
        autofocus
        autocomplete="current-password"
        spellcheck="false"
        maxlength="4096"
        aria-describedby="${described}"
      />
      <p class="muted" id="key-help">
        It was shown when the server first started, and is kept in the file <code>api-key</code> in its data folder,
        unless <code>API_KEY</code> sets it.
      </p>
      <button class="button primary" type="submit">Sign in</button>
    </form>
  </section>`;
}
