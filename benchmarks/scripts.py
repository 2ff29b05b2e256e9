"""The requests that wrk sends, as small Lua scripts: rotating reads, posts, and both mixed."""

from pathlib import Path

from benchmarks.discussion import STORIES

READ = """wrk.method = "GET"
local n = {start}
request = function()
  n = (n + 7) % {stories}
  return wrk.format("GET", string.format("{path}", n))
end
"""
POST = """local n = 0
local tokens = {{{tokens}}}
local words = {{{words}}}
math.randomseed({seed})
local function post()
  n = n + 1
  local text = {{}}
  for i = 1, 60 do text[i] = words[math.random(#words)] end
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


def posting(folder: Path, path: str, tokens: list[str], words: list[str], *, run: str) -> Path:
    """Write a script that posts comments of sixty words to one story after another."""
    file = folder / f"posting-{run}.lua"
    file.write_text(post(path, tokens, words, run))
    return file


def mixed(folder: Path, path: str, tokens: list[str], words: list[str]) -> Path:
    """Write a script that reads one story after another and posts once in a hundred requests."""
    file = folder / "mixed.lua"
    file.write_text(post(path, tokens, words, "mix") + MIXED.format(stories=STORIES, path=path))
    return file


def post(path: str, tokens: list[str], words: list[str], run: str) -> str:
    """Return the Lua function that makes a POST."""
    quoted = [",".join(f'"{item}"' for item in items) for items in (tokens, words)]
    return POST.format(
        tokens=quoted[0], words=quoted[1], seed=11, run=run, path=path, stories=STORIES
    )
