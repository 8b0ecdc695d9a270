#!/bin/sh
# Stands for Poetry where only what it does to the app's files counts: the lock file follows from pyproject.toml.
command= dry= name= last= ended=
for word in "$@"; do
  if [ -n "$ended" ]; then
    last=$word
    continue
  fi
  case "$word" in
  --version) echo "Poetry (version 99.0.0)"; exit ;;
  --dry-run) dry=1 ;;
  --name=*) name=${word#--name=} ;;
  --) ended=1 ;;
  lock | sync | check | env | new) command=${command:-$word} ;;
  esac
done

# HSM's group as Poetry writes it down, in one program: it is run thousands of times.
lock() {
  awk -F '"' '
    BEGIN { commit = "0123456789012345678901234567890123456789" }
    /^\[/ { sources = $0 == "[tool.poetry.group.hsm.dependencies]" }
    sources && / = \{ *(path|git) = / {
      source = /develop/ ? "type = \"directory\"\nurl = \"" $2 "\"" : "type = \"git\"\nurl = \"" $2 "\"\nreference = \"" $4 "\"\nresolved_reference = \"" commit "\""
      sub(/ =.*/, "")
      print "[[package]]\nname = \"" $0 "\"\nversion = \"1.0.0\"\n\n[package.source]\n" source "\n"
    }
    END { print "[metadata]\nlock-version = \"2.1\"" }' pyproject.toml
}

case $command in
env) exit 1 ;;
new)
  module=$(echo "$name" | tr - _)
  mkdir -p "$last/src/$module"
  printf '[project]\nname = "%s"\nversion = "0.1.0"\nrequires-python = ">=3.9"\ndependencies = []\n' "$name" >"$last/pyproject.toml"
  echo "VALUE = 1" >"$last/src/$module/__init__.py"
  ;;
lock | sync | check)
  text=$(lock)
  [ -f poetry.lock ] && [ "$(cat poetry.lock)" = "$text" ] && exit
  case $command in
  lock) [ -n "$dry" ] || printf '%s\n' "$text" >poetry.lock ;;
  *)
    echo "Error: pyproject.toml changed significantly since poetry.lock was last generated." >&2
    exit 1
    ;;
  esac
  ;;
esac
