import type { Recogniser } from '../recogniser.ts';
import { awsAccessKey } from './aws-access-key.ts';
import { githubToken } from './github-token.ts';
import { jwt } from './jwt.ts';
import { openaiKey } from './openai-key.ts';
import { privateKey } from './private-key.ts';

/** Credentials. */
export const SECRETS: readonly Recogniser[] = [awsAccessKey, openaiKey, githubToken, privateKey, jwt];
