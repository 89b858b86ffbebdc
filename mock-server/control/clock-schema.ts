import * as v from 'valibot';
import { durationSchema, instantSchema } from './basic-schemas.js';

/** What a tenant's clock shows. */
export const clockSchema = v.object({ now: v.string(), mode: v.picklist(['running', 'frozen']) });

export const advanceRequestSchema = v.strictObject({ by: durationSchema });
export const setRequestSchema = v.strictObject({ to: instantSchema });
