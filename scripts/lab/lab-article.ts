// One article as the lab keeps it until a server has it: names and a body that may be made only when asked for.

/** Lines ended by CRLF and dot-stuffed, without the closing dot; in pieces, so that what is equal lies in memory once. */
export type ArticleBody = readonly Buffer[];

export interface LabArticle {
  /** Without angle brackets. */
  readonly messageId: string;
  readonly subject: string;
  readonly from: string;
  readonly groups: readonly string[];
  readonly postedAt: Date;
  /** Makes the body, or hands out the same one again; not to be written to. */
  body(): ArticleBody;
}

/** Whatever articles can be given to. */
export interface ArticleTaker {
  post(article: LabArticle): Promise<void> | void;
}

/** The header lines, each ended, without the empty line after them. */
export function articleHeaders(article: LabArticle): Buffer {
  const lines = [
    'Path: lab.example!not-for-mail',
    `From: ${article.from}`,
    `Newsgroups: ${article.groups.join(',')}`,
    `Subject: ${article.subject}`,
    `Date: ${article.postedAt.toUTCString()}`,
    `Message-ID: <${article.messageId}>`,
  ];
  return Buffer.from(lines.map((line) => `${line}\r\n`).join(''), 'utf8');
}
