/**
 * What a shell has to know to complete `hsm`: to ask hsm.
 *
 * Each script hands the words so far to `hsm completions --complete`, whose lines are `VALUE<tab>DESCRIPTION`, or
 * `:files` or `:directories`; so a script never grows old.
 *
 * @module
 */

const BASH: string = `# Completion of hsm for bash. In ~/.bashrc: eval "$(hsm completions bash)"
_hsm() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    case "$line" in
      :files) compopt -o default ;;
      :directories) compopt -o dirnames ;;
      *) COMPREPLY+=("\${line%%$'\\t'*}") ;;
    esac
  done < <(hsm completions --complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _hsm hsm
`;

const ZSH: string = `#compdef hsm
# Completion of hsm for zsh. In ~/.zshrc, after compinit: eval "$(hsm completions zsh)"
_hsm() {
  local line value kind
  local -a found
  while IFS= read -r line; do
    case "$line" in
      :*) kind="$line" ;;
      *)
        value="\${line%%$'\\t'*}"
        found+=("\${value//:/\\\\:}:\${line#*$'\\t'}")
        ;;
    esac
  done < <(hsm completions --complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)
  case "$kind" in
    :files) _files ;;
    :directories) _files -/ ;;
    *) _describe -V hsm found ;;
  esac
}
if [ "\${funcstack[1]}" = "_hsm" ]; then
  _hsm "$@"
else
  compdef _hsm hsm
fi
`;

const FISH: string =
  `# Completion of hsm for fish. In ~/.config/fish/config.fish: hsm completions fish | source
function __hsm_complete
    set -l before (commandline -opc)
    set -l current (commandline -ct)
    for line in (hsm completions --complete -- $before[2..] "$current" 2>/dev/null)
        switch $line
            case :files
                __fish_complete_path "$current"
            case :directories
                __fish_complete_directories "$current"
            case '*'
                echo $line
        end
    end
end
complete -c hsm -f -a '(__hsm_complete)'
`;

// PowerShell leaves out empty arguments, so that a blank stands for the empty word.
const POWERSHELL: string =
  `# Completion of hsm for PowerShell. In $PROFILE: hsm completions powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName hsm -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
    Where-Object { $_.Extent.EndOffset -le $cursorPosition } | ForEach-Object { $_.ToString() })
  if ($wordToComplete -eq '') { $words += ' ' }
  hsm completions --complete '--' @words 2>$null | ForEach-Object {
    if ($_ -notlike ':*') {
      $value, $description = $_ -split "\`t", 2
      if (-not $description) { $description = $value }
      [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $description)
    }
  }
}
`;

/** A shell that `hsm` can be completed in. */
export type CompletionShell = "bash" | "zsh" | "fish" | "powershell";

/** The script of each shell. */
export const COMPLETION_SCRIPTS: Readonly<Record<CompletionShell, string>> = {
  bash: BASH,
  zsh: ZSH,
  fish: FISH,
  powershell: POWERSHELL,
};
