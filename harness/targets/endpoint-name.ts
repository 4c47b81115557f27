import type { RequestConfig } from '../config/rushhour-config.ts';

/**
 * Name of an endpoint in results: method and route with its placeholders, then the names of the query: `GET /api/orders/{id}`,
 * `GET /api/orders?day&limit`.
 */
export function endpointName({ method, path, body, form }: RequestConfig): string {
  const [route = path, query = ''] = path.split('?');
  const names = query.split('&').flatMap((part) => part.split('=')[0] || []);
  const given = method ?? (body === undefined && form === undefined ? 'GET' : 'POST');
  return `${given} ${route}${names.length === 0 ? '' : `?${names.join('&')}`}`;
}
