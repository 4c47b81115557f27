import { createHash } from 'node:crypto';
import { escapeHtml } from './escape.ts';
import { KEPT_THEME_SCRIPT } from './kept-theme.ts';
import { PAGE_STYLE } from './page-style.ts';
import { type SitePlace, siteLinks } from './site-rooms.ts';

/** The page of a result. `header` and `main` are HTML. */
export interface ResultPage {
  readonly title: string;
  readonly header: string;
  readonly main: string;
  readonly place: SitePlace;
}

/** No file and no host, and of scripts this very text alone (CSP 3, 2.3.1): one that came in with a result's words would not run. */
const CONTENT_POLICY = [
  "default-src 'none'",
  `script-src 'sha256-${createHash('sha256').update(KEPT_THEME_SCRIPT).digest('base64')}'`,
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The frame of the page of every result, with the way to the other results. */
export function page({ title, header, main, place }: ResultPage): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}">
<script>${KEPT_THEME_SCRIPT}</script>
<title>${escapeHtml(title)} – rushhour</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<div class="bar"><p class="brand">rushhour</p>
<nav class="rooms" aria-label="Site">${siteLinks(place)
    .map(({ name, href }) => `<a href="${escapeHtml(href)}">${name}</a>`)
    .join('')}</nav></div>
<header>
${header}
</header>
<main id="content" tabindex="-1">
${main}
</main>
<footer>Made by rushhour from the stored result. Every number was measured in the runs named here; none is extrapolated.
Results, Compare and Trends are pages beside this result that <code>rushhour report</code> makes.</footer>
</body>
</html>
`;
}
