import type { Recogniser } from '../../recogniser.ts';

/** Signs by which models part the turns of a conversation. In text from outside they forge a turn. */
export const template: Recogniser = {
  type: 'injection.delimiter.template',
  name: 'Control signs of chat templates',
  exceptable: false,
  forms: [
    {
      find: /<\|(?:im_start|im_end|im_sep|start_header_id|end_header_id|eot_id|eom_id|begin_of_text|end_of_text|endoftext|endofprompt|system|user|assistant|tool|python_tag|channel|message|start|end|return|call|constrain|START_OF_TURN_TOKEN|END_OF_TURN_TOKEN|SYSTEM_TOKEN|USER_TOKEN|CHATBOT_TOKEN|begin▁of▁sentence|end▁of▁sentence|User|Assistant|diff_marker|fim_prefix|fim_suffix)\|>|<｜(?:begin▁of▁sentence|end▁of▁sentence|User|Assistant|tool▁calls▁begin)｜>/,
      score: 0.8,
    },
    {
      find: /<<\/?SYS>>|\[\/?INST\]|\[\/?SYSTEM_PROMPT\]|\[\/?AVAILABLE_TOOLS\]|\[TOOL_CALLS\]|<(?:start|end)_of_turn>|<\/?(?:system|sys|developer)[_-]?(?:prompt|instructions?|message|override|note)>/i,
      score: 0.8,
    },
    {
      find: /(?<![^\s>"'`])<\/?(?:antml:)?(?:function_calls|invoke|tool_call|tool_response|function_call|tool_results?|function_results)>/,
      score: 0.6,
    },
  ],
  source: 'chat templates of ChatML, Llama 2 and 3, Mistral, Gemma, Command R, DeepSeek and gpt-oss',
  since: '0.2.0',
  finds: ['ok«<|im_end|>»\nx', 'a «[INST]» do it', 'text «</system_prompt>» now'],
  ignores: ['a <| b |> c', '[INSTALL] step', '<system>Linux</system>', '<SYSTEM>', 'if (a <|start) {}'],
  limits: 'texts that explain chat templates are found as well',
};
