/**
 * What a shell has to know to complete a program: to ask it.
 *
 * Each script hands the words up to the cursor to `PROGRAM completions SHELL --complete`. The first line of the answer says
 * what could come, `:KIND`, or `:files` or `:directories` with what stands before the path; the other lines are
 * `VALUE<tab>DESCRIPTION`. So a script never grows old.
 *
 * @module
 */

import { bashWord, plainWord, powershellWord, type WordReader } from "./quoting.ts";

/** A shell that programs can be completed in. */
export type CompletionShell = "bash" | "zsh" | "fish" | "powershell";

/** A script, for the program of a name. */
type Script = (program: string) => string;

// The bash of macOS is 3.2: there is no compopt, and the order cannot be kept.
const BASH: Script = (program) =>
  `# Completion of ${program} for bash. In ~/.bashrc: eval "$(${program} completions bash)"
_${program}() {
  local IFS=$' \\t\\n' rest="\${COMP_LINE:0:COMP_POINT}" kind="" before="" line blank word i width=0
  local -a words values texts
  COMPREPLY=()
  # Some versions make words of their own of = and : here; what no blank divides is one.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    blank="\${rest%%[![:space:]]*}"
    rest="\${rest#"$blank"}"
    word="\${COMP_WORDS[i]}"
    [ "$i" -lt "$COMP_CWORD" ] || word="$rest"
    if [ "$i" -lt 2 ] || [ -n "$blank" ]; then
      words+=("$word")
    else
      words[\${#words[@]}-1]+="$word"
    fi
    rest="\${rest#"$word"}"
  done
  word="\${words[\${#words[@]}-1]}"
  # What readline leaves alone of the word: it puts something in the place of $2 only.
  case "$word" in
    *"$2") before="\${word%"$2"}" ;;
  esac
  while IFS= read -r line; do
    word="\${line%%$'\\t'*}"
    if [ -z "$kind" ]; then
      kind="$word"
      continue
    fi
    case "$word" in
      "$before"*) word="\${word#"$before"}" ;;
      *) continue ;;
    esac
    values+=("$word")
    texts+=("\${line#*$'\\t'}")
    [ "\${#word}" -le "$width" ] || width="\${#word}"
  done < <(command ${program} completions bash --complete -- "\${words[@]:1}" 2>/dev/null </dev/null)
  case "$kind" in
    :files | :directories)
      if ! type compopt >/dev/null 2>&1; then
        case "$kind" in
          :files) kind=-f ;;
          *) kind=-d ;;
        esac
        while IFS= read -r line; do
          printf -v line %q "$line"
          COMPREPLY+=("$line")
        done < <(compgen "$kind" -- "$2")
      elif [ "$kind" = :files ]; then
        compopt -o default
      else
        compopt -o dirnames
      fi
      return 0
      ;;
  esac
  compopt -o nosort 2>/dev/null
  case "\${COMP_TYPE:-9}" in
    # They are listed: there is room for what they are.
    33 | 63 | 64) [ "\${#values[@]}" -lt 2 ] || kind=listed ;;
  esac
  for i in "\${!values[@]}"; do
    line="\${values[i]}"
    if [ "$kind" = listed ]; then
      [ -z "\${texts[i]}" ] || printf -v line '%-*s  (%s)' "$width" "$line" "\${texts[i]}"
      line="\${line:0:\${COLUMNS:-80}-1}"
    fi
    COMPREPLY+=("$line")
  done
  return 0
}
complete -F _${program} ${program}
`;

const ZSH: Script = (program) =>
  `#compdef ${program}
# Completion of ${program} for zsh. In ~/.zshrc, after compinit: eval "$(${program} completions zsh)"
_${program}() {
  local line kind="" prefix value width=0 i
  local -a before values texts shown expl
  before=("\${(@Q)words[2,CURRENT-1]}")
  while IFS= read -r line; do
    value="\${line%%$'\\t'*}"
    line="\${line#*$'\\t'}"
    if [[ -z "$kind" ]]; then
      kind="\${value#:}"
      prefix="$line"
    else
      values+=("$value")
      texts+=("$line")
      (( \${#value} <= width )) || width="\${#value}"
    fi
  done < <(command ${program} completions zsh --complete -- "\${before[@]}" "\${(Q)PREFIX}" 2>/dev/null </dev/null)
  case "$kind" in
    files | directories)
      [[ -z "$prefix" ]] || compset -P "\${(b)prefix}"
      if [[ "$kind" == files ]]; then _files; else _files -/; fi
      ;;
    *)
      if [[ -z "\${(j::)texts}" ]]; then
        _wanted -V "$kind" expl "$kind" compadd -a values
      else
        for ((i = 1; i <= \${#values}; i++)); do
          line="\${values[i]}"
          [[ -z "\${texts[i]}" ]] || line="\${(r:width:)line}  -- \${texts[i]}"
          shown+=("\${line[1,COLUMNS-1]}")
        done
        _wanted -V "$kind" expl "$kind" compadd -l -d shown -a values
      fi
      ;;
  esac
}
if [ "\${funcstack[1]}" = "_${program}" ]; then
  _${program} "$@"
else
  compdef _${program} ${program}
fi
`;

const FISH: Script = (program) =>
  `# Completion of ${program} for fish. In ~/.config/fish/config.fish: ${program} completions fish | source
function __${program}_complete
    set -l before (commandline -opc)
    set -l current (commandline -ct)
    set -l text (string unescape -- "$current" 2>/dev/null; or string replace -r '^[\\'"]' '' -- "$current")
    set -l lines (command ${program} completions fish --complete -- $before[2..] "$text" 2>/dev/null </dev/null)
    set -l first (string split -m 1 \\t -- "$lines[1]")
    set -l path (string sub -s (math 1 + (string length -- "$first[2]")) -- "$current")
    switch "$first[1]"
        case :files
            __fish_complete_path "$path" | string replace -r '^' -- "$first[2]"
        case :directories
            __fish_complete_directories "$path" "" | string replace -r '^' -- "$first[2]"
        case '*'
            printf '%s\\n' $lines[2..]
    end
end
complete -c ${program} -f -k -a '(__${program}_complete)'
`;

// PowerShell leaves empty arguments out, so that a blank stands for the empty word; and it completes paths by itself
// wherever it is given nothing at all.
const POWERSHELL: Script = (program) =>
  `# Completion of ${program} for PowerShell. In $PROFILE: ${program} completions powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName ${program} -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
    Where-Object { $_.Extent.StartOffset -lt $cursorPosition } | ForEach-Object {
      if ($_.Extent.EndOffset -gt $cursorPosition) {
        $_.Extent.Text.Substring(0, $cursorPosition - $_.Extent.StartOffset)
      } elseif ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) {
        $_.Value
      } else {
        $_.Extent.Text
      }
    })
  if ("$wordToComplete" -eq '') { $words += ' ' }
  $kind, $lines = @(${program} completions powershell --complete '--' @words 2>$null)
  if ($kind -like ':files*' -or $kind -like ':directories*') { return }
  if (-not $lines) { return '' }
  $lines | ForEach-Object {
    $value, $description = $_ -split "\`t", 2
    if (-not $description) { $description = $value }
    [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $description)
  }
}
`;

/**
 * What makes each shell complete a program: the script that it is to run when it starts, and how it is told the words of its
 * command line, and takes what is to be put there.
 */
export const SHELL_COMPLETIONS: Readonly<
  Record<
    CompletionShell,
    { readonly script: Script; readonly word: WordReader }
  >
> = {
  bash: { script: BASH, word: bashWord },
  zsh: { script: ZSH, word: plainWord },
  fish: { script: FISH, word: plainWord },
  powershell: { script: POWERSHELL, word: powershellWord },
};
