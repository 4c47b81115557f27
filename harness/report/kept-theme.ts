/** The theme that a reader has chosen on the site: where a browser keeps it, and how the page of a result follows it. */
export const THEME_KEPT_AS = 'rushhour-theme';

/**
 * The one script of a result's page, to stand before anything is drawn. It reads what was chosen and sets `data-theme`; it asks for nothing,
 * and where a browser refuses storage (some do to pages from disk) the page goes by the system, as it does without script.
 */
export const KEPT_THEME_SCRIPT = `(() => {
const page = document.documentElement;
const follow = () => {
let kept = null;
try { kept = localStorage.getItem('${THEME_KEPT_AS}'); } catch {}
if (kept === 'light' || kept === 'dark') page.dataset.theme = kept;
else delete page.dataset.theme;
};
follow();
addEventListener('storage', follow);
addEventListener('pageshow', follow);
})();`;
