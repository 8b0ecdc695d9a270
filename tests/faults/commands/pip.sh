#!/bin/sh
# Stands for uv where it does pip's work and only what it does to the app's files counts: the lock file follows from
# requirements-hsm.txt.
command= name= output= last= option=
for word in "$@"; do
  case "$option" in
  -o) output=$word ;;
  esac
  option=$word
  case "$word" in
  --version) echo "uv 99.0.0"; exit ;;
  --name=*) name=${word#--name=} ;;
  compile | sync | install | venv | init | freeze) command=${command:-$word} ;;
  esac
  last=$word
done

# The lines of HSM's as uv writes them down, in one program: it is run thousands of times.
lock() {
  awk '
    BEGIN {
      print "lock-version = \"1.0\"\ncreated-by = \"uv\"\nrequires-python = \">=3.9\""
      commit = "0123456789012345678901234567890123456789"
    }
    /^-e .*  # / { print "\n[[packages]]\nname = \"" $4 "\"\ndirectory = { path = \"" substr($2, 3) "\", editable = true }" }
    / @ git\+/ {
      place = substr($3, 5)
      version = place
      sub(/@[^@]*$/, "", place)
      sub(/.*@/, "", version)
      print "\n[[packages]]\nname = \"" $1 "\"\nversion = \"1.0.0\"\nvcs = { type = \"git\", url = \"" place "\", requested-revision = \"" version "\", commit-id = \"" commit "\" }"
    }' "$last"
}

case $command in
init)
  module=$(echo "$name" | tr - _)
  mkdir -p "$last/src/$module"
  printf '[project]\nname = "%s"\nversion = "0.1.0"\nrequires-python = ">=3.9"\ndependencies = []\n' "$name" >"$last/pyproject.toml"
  echo "VALUE = 1" >"$last/src/$module/__init__.py"
  ;;
venv)
  mkdir -p "$last/bin"
  : >"$last/bin/python"
  : >"$last/pyvenv.cfg"
  ;;
compile)
  text=$(lock)
  [ -f "$output" ] && [ "$(cat "$output")" = "$text" ] && exit
  printf '%s\n' "$text" >"$output"
  ;;
esac
