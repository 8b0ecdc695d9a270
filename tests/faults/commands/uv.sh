#!/bin/sh
# Stands for uv where only what it does to the app's files counts: the lock file follows from pyproject.toml.
command= locked= frozen= dry= name= last=
for word in "$@"; do
  case "$word" in
  --version) echo "uv 99.0.0"; exit ;;
  --locked | --check) locked=1 ;;
  --frozen) frozen=1 ;;
  --dry-run) dry=1 ;;
  --name=*) name=${word#--name=} ;;
  sync | lock | init) command=${command:-$word} ;;
  esac
  last=$word
done

# [tool.uv.sources] as uv writes it down, in one program: it is run thousands of times.
lock() {
  awk -F '"' '
    BEGIN {
      print "version = 1\nrequires-python = \">=3.9\"\n\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\nsource = { virtual = \".\" }"
      commit = "0123456789012345678901234567890123456789"
    }
    /^\[/ { sources = $0 == "[tool.uv.sources]" }
    sources && / = \{ (path|git) = / {
      source = /editable/ ? "{ editable = \"" $2 "\" }" : "{ git = \"" $2 "?tag=" $4 "#" commit "\" }"
      sub(/ =.*/, "")
      print "\n[[package]]\nname = \"" $0 "\"\nversion = \"1.0.0\"\nsource = " source
    }' pyproject.toml
}

case $command in
init)
  module=$(echo "$name" | tr - _)
  mkdir -p "$last/src/$module"
  printf '[project]\nname = "%s"\nversion = "0.1.0"\nrequires-python = ">=3.9"\ndependencies = []\n' "$name" >"$last/pyproject.toml"
  echo "VALUE = 1" >"$last/src/$module/__init__.py"
  ;;
sync | lock)
  [ -n "$frozen" ] && exit
  text=$(lock)
  [ -f uv.lock ] && [ "$(cat uv.lock)" = "$text" ] && exit
  [ -n "$locked" ] && echo "error: The lockfile at uv.lock needs to be updated" >&2 && exit 1
  [ -n "$dry" ] || printf '%s\n' "$text" >uv.lock
  ;;
esac
