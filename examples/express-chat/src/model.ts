import type { LanguageModelV4 } from '@ai-sdk/provider';

/** The real model that the environment names, or nothing: then the leaky one plays the assistant. */
export async function modelFromEnvironment(env: NodeJS.ProcessEnv): Promise<LanguageModelV4 | undefined> {
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseURL, OPENAI_MODEL: id = 'gpt-5-mini' } = env;
  if (!apiKey && !baseURL) return undefined;
  const { createOpenAI } = await import('@ai-sdk/openai');
  const openai = createOpenAI({ apiKey: apiKey || 'none', ...(baseURL && { baseURL }) });
  // Servers that imitate OpenAI speak the chat completions protocol; not all speak the newer one.
  return baseURL ? openai.chat(id) : openai.responses(id);
}
