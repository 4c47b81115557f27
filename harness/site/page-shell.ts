import { escapeHtml, relativeHref } from '../report/escape.ts';
import { SITE_ROOMS, type SiteRoom } from '../report/site-rooms.ts';

/** A page of the site. `header` and `main` are HTML. */
export interface SitePage {
  readonly title: string;
  /** Its place in the results folder, with `/`: `index.html`, `site/compare.html`, `site/trends/load.html`. */
  readonly path: string;
  /** What the script does in it: see `browser/site.ts`. */
  readonly room: SiteRoom;
  readonly header: string;
  readonly main: string;
  /** Data that the page needs from the start: names of files in `site/data/`, without `.js`. More can be loaded later. */
  readonly data?: readonly string[];
}

export const SITE_FOLDER = 'site';
export const DATA_FOLDER = 'site/data';
export const STYLE_FILE = 'site/site.css';
/** Read before anything is drawn: the theme, and the shelf that data files put their data on. */
export const START_SCRIPT = 'site/start.js';
export const SITE_SCRIPT = 'site/site.js';

/**
 * Files beside the page and nothing else: no other host, no script in the text. `file:` is named because a page from disk has no origin
 * that `'self'` could mean in every browser. Styles in the text are what drawn charts need.
 */
const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self' file:",
  "style-src 'self' file: 'unsafe-inline'",
  "img-src 'self' file: data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The frame of every page of the site: where one is, the theme, the way to the other rooms. */
export function sitePage({ title, path, room, header, main, data = [] }: SitePage): string {
  const here = (file: string) => hrefFrom(path, file);
  const scripts = [...data.map((name) => `${DATA_FOLDER}/${name}.js`), SITE_SCRIPT];
  return `<!doctype html>
<html lang="en" data-site="${here(`${SITE_FOLDER}/`)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}">
<title>${escapeHtml(title)} – rushhour</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${here(STYLE_FILE)}">
<script src="${here(START_SCRIPT)}"></script>
${scripts.map((file) => `<script src="${here(file)}" defer></script>`).join('\n')}
</head>
<body data-room="${room}">
<a class="skip" href="#content">Skip to the content</a>
<div class="bar"><p class="brand">rushhour</p>
<nav class="rooms" aria-label="Site">${SITE_ROOMS.map((one) => roomLink(one, path, room)).join('')}</nav>
<label class="theme scripted">Theme <select id="theme"><option value="auto">as the system</option><option value="light">light</option><option value="dark">dark</option></select></label></div>
<header>
${header}
</header>
<main id="content" tabindex="-1">
${main}
</main>
<footer>Made by rushhour from the stored results. Every number was measured in the runs named here; none is extrapolated.</footer>
</body>
</html>
`;
}

function roomLink(
  { room, name, path }: (typeof SITE_ROOMS)[number],
  from: string,
  current: SiteRoom,
): string {
  const mark = room !== current ? '' : path === from ? ' aria-current="page"' : ' aria-current="true"';
  return `<a href="${hrefFrom(from, path)}"${mark}>${name}</a>`;
}

/** The address of one place of the results folder on a page at another: `site/trends/a.html` → `../../index.html`. */
export function hrefFrom(page: string, place: string): string {
  const up = '../'.repeat(page.split('/').length - 1);
  return `${up}${relativeHref(place).slice(up === '' ? 0 : 2)}`;
}
