import { escapeHtml } from './escape.ts';
import { PAGE_STYLE } from './page-style.ts';

/** The frame of every page of rushhour. `header` and `main` are HTML. */
export function page({ title, header, main }: { title: string; header: string; main: string }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)} – rushhour</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<header>
<p class="brand">rushhour</p>
${header}
</header>
<main>
${main}
</main>
<footer>Made by rushhour from the stored result. Every number was measured in the runs named here; none is extrapolated.</footer>
</body>
</html>
`;
}
