/** Sessions of the harness are told apart from the service's by this name. */
export const HARNESS_APPLICATION_NAME = 'rushhour-harness';
