import type { Command } from 'commander';
import { EXIT, NotRun, type Answer } from './io.ts';

interface Words {
  readonly command: string;
  readonly about: string;
  readonly options: readonly { readonly flag: string; readonly about: string }[];
}

/** A script for a shell, out of the commands there are. */
export function completion(shell: string, program: Command): Answer {
  const write = SHELLS.get(shell);
  if (write === undefined) throw new NotRun(`\`${shell}\` is no shell that is known: bash, zsh or fish`);
  const script = write(
    program.commands.map((command): Words => ({
      command: command.name(),
      about: command.description(),
      options: command.options.map(({ long, short, description }) => ({
        flag: long ?? short ?? '',
        about: description,
      })),
    })),
  );
  return { exit: EXIT.yes, lines: script.split('\n'), json: { shell, script } };
}

const SHELLS: ReadonlyMap<string, (words: readonly Words[]) => string> = new Map(Object.entries({ bash, zsh, fish }));

const flagsOf = ({ options }: Words): string => options.map(({ flag }) => flag).join(' ');

/** Files are completed where no option begins: most arguments are policies and logs. */
function bash(words: readonly Words[]): string {
  return [
    '_flyball() {',
    '  local word="${COMP_WORDS[COMP_CWORD]}"',
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    COMPREPLY=($(compgen -W "${words.map(({ command }) => command).join(' ')}" -- "$word"))`,
    '    return',
    '  fi',
    '  case "${COMP_WORDS[1]}" in',
    ...words.map((one) => `    ${one.command}) local options="${flagsOf(one)}" ;;`),
    '  esac',
    '  if [[ "$word" == -* ]]; then',
    '    COMPREPLY=($(compgen -W "$options" -- "$word"))',
    '  else',
    '    COMPREPLY=($(compgen -f -- "$word"))',
    '  fi',
    '}',
    'complete -o filenames -F _flyball flyball',
  ].join('\n');
}

const quoted = (text: string): string => text.replace(/['\\[\]:]/g, ' ').replaceAll('`', '');

function zsh(words: readonly Words[]): string {
  return [
    '#compdef flyball',
    '_flyball() {',
    '  if (( CURRENT == 2 )); then',
    '    local -a commands=(',
    ...words.map(({ command, about }) => `      '${command}:${quoted(about)}'`),
    '    )',
    "    _describe 'command' commands",
    '    return',
    '  fi',
    '  case "$words[2]" in',
    ...words.map(
      ({ command, options }) =>
        `    ${command}) _arguments ${options.map(({ flag, about }) => `'${flag}[${quoted(about)}]'`).join(' ')} '*:file:_files' ;;`,
    ),
    '  esac',
    '}',
    'compdef _flyball flyball',
  ].join('\n');
}

function fish(words: readonly Words[]): string {
  const first = words.map(
    ({ command, about }) => `complete -c flyball -n __fish_use_subcommand -f -a ${command} -d '${quoted(about)}'`,
  );
  const options = words.flatMap((one) =>
    one.options
      .filter(({ flag }) => flag.startsWith('--'))
      .map(
        ({ flag, about }) =>
          `complete -c flyball -n '__fish_seen_subcommand_from ${one.command}' -l ${flag.slice(2)} -d '${quoted(about)}'`,
      ),
  );
  return [...first, ...options].join('\n');
}
