import { methodOf } from '../../scenarios/request-template.ts';
import type { RequestConfig } from '../config/rushhour-config.ts';

/**
 * Name of an endpoint in results: method and route with its placeholders, then the names of the query: `GET /api/orders/{id}`,
 * `GET /api/orders?day&limit`.
 */
export function endpointName(request: RequestConfig): string {
  const [route = '', query = ''] = request.path.split('?');
  const names = query.split('&').flatMap((part) => part.split('=')[0] || []);
  return `${methodOf(request)} ${route}${names.length === 0 ? '' : `?${names.join('&')}`}`;
}
