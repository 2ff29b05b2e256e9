"""The requests that wrk sends, as small Lua scripts: rotating reads, posts, and both mixed."""

import json
from pathlib import Path

from benchmarks.discussion import STORIES

Said = list[list[str]]  # For each article, what readers say about it.
PARTS = 6  # Of what readers wrote, so many remarks make a comment: some 50 words.

READ = """wrk.method = "GET"
local n = {start}
request = function()
  n = (n + 7) % {stories}
  return wrk.format("GET", string.format("{path}", n))
end
"""
POST = """local n = 0
local tokens = {{{tokens}}}
local said = {{{said}}}
math.randomseed({seed})
local function post()
  n = n + 1
  local here, text = said[n % {stories} % #said + 1], {{}}
  for i = 1, {parts} do text[i] = here[math.random(#here)] end
  local body = string.format('{{"text":"%s","client_id":"{run}-%d"}}', table.concat(text, " "), n)
  return wrk.format("POST", string.format("{path}", n % {stories}), {{
    ["Content-Type"] = "application/json",
    ["Authorization"] = "Bearer " .. tokens[n % #tokens + 1],
  }}, body)
end
request = post
"""
MIXED = """
local reads, story = 0, 0
request = function()
  reads = reads + 1
  if reads % 100 == 0 then return post() end
  story = (story + 7) % {stories}
  return wrk.format("GET", string.format("{path}", story))
end
"""


def rotating(folder: Path, path: str) -> Path:
    """Write a script that asks for another story each time; `path` holds %04d for its number."""
    file = folder / "rotating.lua"
    file.write_text(READ.format(start=0, stories=STORIES, path=path))
    return file


def posting(folder: Path, path: str, tokens: list[str], said: Said, *, run: str) -> Path:
    """Write a script that posts comments to one story after another, each about its story."""
    file = folder / f"posting-{run}.lua"
    file.write_text(post(path, tokens, said, run))
    return file


def mixed(folder: Path, path: str, tokens: list[str], said: Said) -> Path:
    """Write a script that reads one story after another and posts once in a hundred requests."""
    file = folder / "mixed.lua"
    file.write_text(post(path, tokens, said, "mix") + MIXED.format(stories=STORIES, path=path))
    return file


def post(path: str, tokens: list[str], said: Said, run: str) -> str:
    """Return the Lua function that makes a POST."""
    return POST.format(
        tokens=table(tokens),
        said=",".join(f"{{{table(remarks)}}}" for remarks in said),
        seed=11,
        run=run,
        path=path,
        stories=STORIES,
        parts=PARTS,
    )


def table(items: list[str]) -> str:
    """Return strings, as JSON writes them, between Lua's brackets that escape nothing."""
    return ",".join(f"[==[{json.dumps(item)[1:-1]}]==]" for item in items)
