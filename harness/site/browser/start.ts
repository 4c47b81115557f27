/** `start.js`: what has to be there before the page is drawn. */
import { putUpShelf } from './data-shelf.ts';
import { applyKeptTheme } from './theme.ts';

document.documentElement.classList.add('with-script');
applyKeptTheme();
putUpShelf();
