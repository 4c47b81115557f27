/** `start.js`: what has to be there before the page is drawn. */
import { putUpShelf } from './data-shelf.ts';
import { applyKeptTheme } from './theme.ts';

document.documentElement.classList.add('with-script');
// A list with a filter in its address is shown when the filter holds, see `list-style.ts`.
if (location.hash.includes('=')) document.documentElement.classList.add('filtering');
addEventListener('load', () => document.documentElement.classList.remove('filtering'));
applyKeptTheme();
putUpShelf();
