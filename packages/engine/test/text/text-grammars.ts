import { closedOnGithub, closedOnGitlab } from '@baton/fake-hosts';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';

/** Markdown as GitHub reads it, with whatever HTML it holds. */
export function renderMarkdown(markdown: string): string {
  return micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });
}

/** What a page shows outside of code, once its HTML is read. */
export function shownText(html: string): string {
  return html
    .replace(/<(code|pre)\b[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]*>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#x?\w+;/g, '')
    .replace(/&amp;/g, '&');
}

/** Names of the elements of a page. */
export function elementsOf(html: string): ReadonlySet<string> {
  return new Set([...html.matchAll(/<([a-z]\w*)/gi)].map(([, name = '']) => name.toLowerCase()));
}

type Grammars = Readonly<Record<string, (text: string) => readonly unknown[]>>;

/** What the words of a page set off once it is rendered, each as its owner documents it. */
const readOnPages: Grammars = {
  'a closing word of GitHub': closedOnGithub,
  'a closing word of GitLab': closedOnGitlab,
  'a key of a tracker': matches(/\b[A-Z][A-Z0-9_]+-\d+/g),
  // https://docs.github.com/en/get-started/writing-on-github: autolinked references, and mentions.
  'a mention': matches(/@[A-Za-z0-9_.]/g),
  'a reference of GitHub': matches(/#\d|\bGH-\d|[\w.-]+@[0-9a-f]{7}/g),
  // https://docs.gitlab.com/user/markdown/#gitlab-specific-references
  'a reference of GitLab': matches(/[#!&$%]\d|[~%]["\w]|\^alert#/g),
  'an address': matches(/[a-z][a-z0-9+.-]*:\/\/|\bwww\.\S/gi),
};

/** What raw text sets off beside: that of a commit's message, which a merge may make of a title or a description. */
const readInMessages: Grammars = {
  ...readOnPages,
  // https://support.atlassian.com/jira-software-cloud/docs/process-issues-with-smart-commits/
  'a smart commit of Jira': matches(/[A-Z][A-Z0-9_]+-\d+[^\n]*?#[a-z][\w-]*/g),
  // GitHub Actions, GitLab, CircleCI, Bitbucket, Netlify; Azure.
  'an order to a CI': matches(
    /\[(?:skip[ -](?:ci|actions|netlify)|(?:ci|actions)[ -]skip|no[ -]ci)\]|\*{3}NO_CI\*{3}|^skip-checks: *true/gim,
  ),
  'a trailer': matches(/^[ \t]*[A-Za-z0-9]+-[A-Za-z0-9-]+[ \t]*:/gm),
  'a quick action': matches(/^[ \t]*\/\w/gm),
  'a commit to fold': matches(/^(?:fixup|squash|amend)! /gm),
};

function matches(pattern: RegExp): (text: string) => readonly unknown[] {
  return (text) => [...text.matchAll(pattern)];
}

/** Everything that raw text sets off. */
export function actsOf(text: string): readonly string[] {
  return found(readInMessages, text);
}

/** Everything that Markdown sets off: raw, and on a page. One of Baton's markers would be taken for its own. */
export function actsOfMarkdown(markdown: string): readonly string[] {
  const marker = matches(/<!--/g);
  return [
    ...found({ ...readInMessages, 'a marker': marker }, markdown),
    ...found(readOnPages, shownText(renderMarkdown(markdown))),
  ];
}

function found(grammars: Grammars, text: string): readonly string[] {
  return Object.entries(grammars).flatMap(([what, find]) => (find(text).length > 0 ? [what] : []));
}
