-- KEYS[1]: the value. ARGV: the channel; what is told there.
local removed = redis.call('UNLINK', KEYS[1])
redis.call('PUBLISH', ARGV[1], ARGV[2])
return removed
