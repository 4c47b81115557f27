/**
 * The second line of defence against secrets in what is printed and written. The first is that none is put there: passwords travel
 * in the environment, and messages name a server without them.
 */

/** What stands in place of a secret. */
export const REDACTED = '[secret]';

/** Anything shorter would be found in ordinary text. */
const SHORTEST = 6;

/** A form that is shorter than this is not looked for everywhere: it would stand in digests and numbers by chance. */
const SHORTEST_ANYWHERE = 8;

/** Secrets, each with how often it was remembered. */
const remembered = new Map<string, number>();

interface Needles {
  /** Forms that are replaced wherever they stand, the longest first. */
  readonly anywhere: readonly string[];
  /** Secrets that are ordinary words or numbers, replaced where a secret is named; `null` without any. */
  readonly named: RegExp | null;
}

let needles: Needles | null = null;

/**
 * Keeps a secret out of everything that passes {@link redact} from now on, as it is and URL-encoded, in JSON, in HTML and in base64,
 * there also inside a longer text. Shorter than 6 characters, or a JWT, which is known by its shape: nothing is remembered.
 *
 * @returns how to forget it, for a secret that is worth nothing any more
 */
export function rememberSecret(text: string): () => void {
  if (text.length < SHORTEST || JWT_ALONE.test(text)) return () => {};
  remembered.set(text, (remembered.get(text) ?? 0) + 1);
  needles = null;
  let done = false;
  return () => {
    if (done) return;
    done = true;
    const left = (remembered.get(text) ?? 1) - 1;
    if (left > 0) remembered.set(text, left);
    else remembered.delete(text);
    needles = null;
  };
}

/** Remembers the passwords in a text that is, or was meant to be, a connection URL; any other text is left alone. */
export function rememberUrlPassword(text: string): void {
  for (const pattern of [passwordOfUrl(text), PASSWORD_PARAMETER]) {
    const written = pattern.exec(text)?.[2];
    if (written === undefined) continue;
    rememberSecret(written);
    rememberSecret(decoded(written));
  }
}

/** Variables whose values are secret by their name; those that hold a path name where one is. */
const SECRET_VARIABLE = /passw|passphrase|secret|token|credential|api_?key|_key$|_pwd$/i;

/** Remembers what an environment holds: PGPASSWORD, JWT_SECRET and their like, and the password of any URL. */
export function rememberEnvironment(env: NodeJS.ProcessEnv): void {
  for (const [name, value = ''] of Object.entries(env)) {
    if (SECRET_VARIABLE.test(name) && !value.startsWith('/')) rememberSecret(value);
    rememberUrlPassword(value);
  }
}

/** One argument of a command line, or a URL, without the passwords in it. Says the same of equal texts in every process. */
export function withoutUrlPassword(text: string): string {
  return text.replace(passwordOfUrl(text), `$1${REDACTED}`).replace(PASSWORD_PARAMETER, `$1${REDACTED}`);
}

/** The text with every secret that was remembered, and all that has the shape of one, replaced by `[secret]`. */
export function redact(text: string): string {
  needles ??= buildNeedles();
  let result = text;
  for (const needle of needles.anywhere) {
    if (result.includes(needle)) result = result.replaceAll(needle, REDACTED);
  }
  if (needles.named) result = result.replace(needles.named, `$1${REDACTED}`);
  for (const shape of SHAPES) result = result.replace(shape, `$1${REDACTED}`);
  return result;
}

/** Up to the last @ before the path: so the URL standard reads it. */
const PASSWORD_OF_URL = /^([^/]*:\/\/[^/?#:@]*:)([^/?#]+)(?=@)/;
/** Of a text that is no URL because its password holds one of these, not encoded. */
const PASSWORD_OF_WRONG_URL = /^([^/]*:\/\/[^/?#:@]*:)(.+)(?=@)/s;
const PASSWORD_PARAMETER = /((?:^|[?&\s])(?:ssl)?password=)([^&\s]+)/i;

function passwordOfUrl(text: string): RegExp {
  return PASSWORD_OF_URL.test(text) ? PASSWORD_OF_URL : PASSWORD_OF_WRONG_URL;
}

const JWT_ALONE = /^eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{16,}$/;

/** Secrets that need not be known: what stands before each is kept. */
const SHAPES = [
  /(:\/\/[^\s/:@"'<>]*:)[^\s/@"'<>\\]+(?=@)/g,
  /(\b(?:ssl)?password=)(?!\[)[^\s&"'<>\\]+/gi,
  /(\bBearer )[\w.~+/-]{16,}=*/g,
  /()\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{16,}/g, // a JWT (RFC 7519): base64url of {"…
];

function buildNeedles(): Needles {
  const anywhere = new Set<string>();
  const words: string[] = [];
  for (const secret of remembered.keys()) {
    const ordinary = isOrdinary(secret);
    if (ordinary) words.push(secret);
    for (const form of ordinary ? inBase64(secret) : [...asWritten(secret), ...inBase64(secret)])
      if (form.length >= SHORTEST_ANYWHERE) anywhere.add(form);
  }
  const named = words.map(escapeRegExp).join('|');
  return {
    anywhere: [...anywhere].sort((a, b) => b.length - a.length),
    named:
      named === ''
        ? null
        : new RegExp(`((?:password|passwd|pwd|secret|token)\\W{1,4})(?:${named})(?!\\w)`, 'gi'),
  };
}

/**
 * Words, numbers and what is short stand in records with another meaning: with the password `postgres`, the field of that name
 * would be lost, and with `123456` the digits of a time.
 */
function isOrdinary(secret: string): boolean {
  if (secret.length < SHORTEST_ANYWHERE) return true;
  return secret.length < 16 && /^(?:[a-z]+(?:[-_.][a-z]+)*|[\d.:_-]+)$/i.test(secret);
}

function asWritten(secret: string): string[] {
  const encoded = [encodeURIComponent(secret), inUserInfo(secret)];
  return [
    secret,
    ...encoded,
    ...encoded.map((text) => text.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())),
    JSON.stringify(secret).slice(1, -1),
    secret
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;'),
  ];
}

/** As the URL standard writes a password, which leaves more characters as they are than encodeURIComponent does. */
function inUserInfo(secret: string): string {
  const url = new URL('postgres://user@host/');
  url.password = secret;
  return url.password;
}

/**
 * As base64 of itself, and the characters that it gives inside any longer text: 3 bytes make 4 characters, so there are three
 * ways it can lie. The characters that hold bits of its neighbours are left out.
 */
function inBase64(secret: string): string[] {
  const forms = [Buffer.from(secret).toString('base64')];
  for (const before of [0, 1, 2]) {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
    const first = Math.ceil((before * 8) / 6);
    const end = Math.floor((bytes.length * 8) / 6);
    forms.push(bytes.toString('base64').slice(first, end));
  }
  return forms.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')]);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a % that begins no code
  }
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
