/* Lua: tables, strings, closures, coroutines, the collector, errors, files. */
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdio.h>

static const char script[] =
    "local function fib(n) return n < 2 and n or fib(n - 1) + fib(n - 2) end\n"
    "print('fib', fib(18))\n"
    "local t = {}\n"
    "for i = 1, 2000 do t[i] = i * 7919 % 2003 end\n"
    "table.sort(t)\n"
    "print('sorted', t[1], t[1000], t[2000])\n"
    "local words = {}\n"
    "for word in ('the quick brown fox jumps over the lazy dog'):gmatch('%a+') do\n"
    "  words[#words + 1] = word:upper():reverse()\n"
    "end\n"
    "print(table.concat(words, ' '))\n"
    "local co = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i * i) end end)\n"
    "print('coroutine', co(), co(), co())\n"
    "print('error', pcall(function() error({code = 7}) end) == false)\n"
    "print(string.format('%5.2f %x %q', math.pi, 255, 'a\\nb'))\n"
    "local name = os.tmpname()\n"
    "local file = assert(io.open(name, 'w'))\n"
    "for i = 1, 100 do file:write(i, ' ', i * i, '\\n') end\n"
    "file:close()\n"
    "local sum = 0\n"
    "for line in io.lines(name) do sum = sum + tonumber(line:match('%d+$')) end\n"
    "print('file', sum, os.remove(name), not io.open(name))\n"
    "for i = 1, 20000 do local garbage = {i, tostring(i)} end\n"
    "collectgarbage()\n"
    "print('memory', collectgarbage('count') < 1000, os.clock() >= 0)\n";

int main(void)
{
	lua_State *lua = luaL_newstate();
	luaL_openlibs(lua);
	if (luaL_dostring(lua, script)) {
		printf("%s\n", lua_tostring(lua, -1));
		return 1;
	}
	lua_close(lua);
	return 0;
}
