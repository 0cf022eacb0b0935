using System.Collections.Concurrent;
using System.Security.Cryptography;
using IotOps.Emulator.Concurrency;

namespace IotOps.Emulator.Slack;

/// <summary>The response_urls and what was posted. Thread-safe.</summary>
internal sealed class SlackRecord(TimeProvider timeProvider)
{
    private const int MaxPosts = 5;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<string, ResponseUrl> _urls = new(StringComparer.Ordinal);
    private long _lastMessage;

    public RecentItems<ReceivedSlackPost> Posts { get; } = new(p => p.Json.Length);

    public string Create()
    {
        string path = $"/commands/T0EMULATOR/{_urls.Count + 1}/{RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 24)}";
        _urls[path] = new ResponseUrl(timeProvider.GetUtcNow());
        return path;
    }

    /// <summary>Takes one of the posts of a response_url; a word of Slack's when there is none left.</summary>
    public string? Spend(string path)
    {
        if (!_urls.TryGetValue(path, out ResponseUrl? url))
        {
            return "no_such_url";
        }

        lock (url)
        {
            if (timeProvider.GetUtcNow() - url.CreatedAt > Lifetime)
            {
                return "expired_url";
            }

            if (url.Posts == MaxPosts)
            {
                return "used_url";
            }

            url.Posts++;
            return null;
        }
    }

    public string NextTimestamp() => $"{timeProvider.GetUtcNow().ToUnixTimeSeconds()}.{Interlocked.Increment(ref _lastMessage):000000}";

    private sealed class ResponseUrl(DateTimeOffset createdAt)
    {
        public DateTimeOffset CreatedAt { get; } = createdAt;

        public int Posts { get; set; }
    }
}
