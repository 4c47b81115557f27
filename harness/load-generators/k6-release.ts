import { K6_VERSION } from './k6-version.ts';

const OFFICIAL_RELEASE = `https://github.com/grafana/k6/releases/download/v${K6_VERSION}/`;

/** The published checksums: `sha256sum *` over the release (k6 v1.8.1 .github/workflows/build.yml). */
export const CHECKSUMS_FILE = `k6-v${K6_VERSION}-checksums.txt`;

/** What k6 publishes for one platform (k6 v1.8.1 build-release.sh). */
export interface ReleaseAsset {
  /** File name of the archive. */
  readonly archive: string;
  /** Path of the program inside the archive. */
  readonly program: string;
}

/** Node's platform and architecture → the name k6 uses and the kind of its archive. */
const PLATFORMS: Record<string, { name: string; extension: string }> = {
  'linux-x64': { name: 'linux-amd64', extension: 'tar.gz' },
  'linux-arm64': { name: 'linux-arm64', extension: 'tar.gz' },
  'darwin-x64': { name: 'macos-amd64', extension: 'zip' },
  'darwin-arm64': { name: 'macos-arm64', extension: 'zip' },
  'win32-x64': { name: 'windows-amd64', extension: 'zip' },
};

/** The asset for a platform; `null` where k6 publishes none. */
export function releaseAsset(
  platform: string = process.platform,
  arch: string = process.arch,
): ReleaseAsset | null {
  const found = PLATFORMS[`${platform}-${arch}`];
  if (!found) return null;
  const folder = `k6-v${K6_VERSION}-${found.name}`;
  return {
    archive: `${folder}.${found.extension}`,
    program: `${folder}/${platform === 'win32' ? 'k6.exe' : 'k6'}`,
  };
}

/**
 * Where the files of the release lie: RUSHHOUR_K6_DOWNLOAD_URL (a mirror: a folder with the same two files), else
 * GitHub. Always ends in a slash.
 */
export function releaseUrl(env: NodeJS.ProcessEnv): string {
  const chosen = env.RUSHHOUR_K6_DOWNLOAD_URL || OFFICIAL_RELEASE;
  return chosen.endsWith('/') ? chosen : `${chosen}/`;
}

/** The SHA-256 (64 hex digits, lower case) listed for a file, in the format of sha256sum(1); `null` when unlisted. */
export function publishedChecksum(checksums: string, file: string): string | null {
  for (const line of checksums.split(/\r?\n/)) {
    // "*" before the name marks a file that was read in binary mode.
    const match = /^([0-9a-f]{64})\s+\*?(.+)$/i.exec(line.trim());
    if (match?.[1] && match[2] === file) return match[1].toLowerCase();
  }
  return null;
}
