import { answer } from '../../../answer.ts';

export const runtime = 'edge';

export const POST = answer;
