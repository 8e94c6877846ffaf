import { answer } from '../../../answer.ts';

export const runtime = 'nodejs';

export const POST = answer;
