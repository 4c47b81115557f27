import type { FastifyInstance } from 'fastify';
import { type AuthenticatedUser, TOKEN_LIFETIME_SECONDS } from '../authentication.ts';
import { HttpError } from '../http-error.ts';
import { verifyPassword } from '../password.ts';
import { objectSchema } from './schemas.ts';
import type { ServiceParts } from './service-parts.ts';

interface LoginRow {
  readonly id: number;
  readonly company_id: number;
  readonly role: AuthenticatedUser['role'];
  readonly full_name: string;
  readonly password_hash: string;
}

const LOGIN = objectSchema(
  { email: { type: 'string', minLength: 3, maxLength: 320 }, password: { type: 'string', maxLength: 1_000 } },
  ['email', 'password'],
);

/** Checked when nobody has the address, so that the time of the answer does not tell. No password has this hash. */
const NOBODY = `scrypt$16384$8$1$${'00'.repeat(16)}$${'00'.repeat(32)}`;

export function authRoutes(app: FastifyInstance, { pool, tokens }: ServiceParts): void {
  app.post<{ Body: { email: string; password: string } }>(
    '/auth/login',
    { schema: { body: LOGIN } },
    async (request) => {
      const { email, password } = request.body;
      const { rows } = await pool.query<LoginRow>(
        'SELECT id, company_id, role, full_name, password_hash FROM app_user WHERE email = $1',
        [email],
      );
      const user = rows[0];
      const correct = await verifyPassword(password, user?.password_hash ?? NOBODY);
      if (!user || !correct) throw new HttpError(401, 'unauthenticated', 'Email or password is wrong.');
      const { id, company_id: companyId, role, full_name: fullName } = user;
      const token = await tokens.issue({ id, companyId, role });
      return { token, expiresInSeconds: TOKEN_LIFETIME_SECONDS, user: { id, companyId, role, fullName } };
    },
  );
}
