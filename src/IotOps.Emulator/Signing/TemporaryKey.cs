using System.Security.Cryptography;

namespace IotOps.Emulator.Signing;

/// <summary>Makes keys that end.</summary>
internal static class TemporaryKey
{
    /// <summary>Makes a key and lets it in.</summary>
    public static AccessKey Issue(KeyRing keys, TimeProvider timeProvider, TimeSpan duration, string? callerArn = null, string? callerId = null, int tokenChars = 128)
    {
        // The answer shows whole seconds, and the keys end when it says.
        DateTimeOffset expires = DateTimeOffset.FromUnixTimeSeconds((timeProvider.GetUtcNow() + duration).ToUnixTimeSeconds());
        var key = new AccessKey(
            "ASIA" + RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16),
            Convert.ToBase64String(RandomNumberGenerator.GetBytes(30)),
            Convert.ToBase64String(RandomNumberGenerator.GetBytes((tokenChars + 3) / 4 * 3)),
            expires)
        {
            CallerArn = callerArn,
            CallerId = callerId,
        };
        keys.Add(key);
        return key;
    }
}
