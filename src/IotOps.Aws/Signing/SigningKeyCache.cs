using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Auth;

namespace IotOps.Aws.Signing;

/// <summary>
/// Signing keys of the last few (credentials, day) pairs of one region and service. Deriving one costs four HMACs.
/// Keys and digests only: the secret itself is not kept, and what leaves the cache is wiped.
/// </summary>
internal sealed class SigningKeyCache(string region, string service) : IDisposable
{
    private const int Capacity = 4;

    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = new(Capacity);

    public int Count
    {
        get { lock (_lock) { return _entries.Count; } }
    }

    /// <summary>HMAC-SHA256 of the text under the key of these credentials on this day.</summary>
    public void Sign(ImmutableCredentials credentials, string day, ReadOnlySpan<byte> text, Span<byte> signature)
    {
        // The key is used under the lock, so that no other thread wipes it meanwhile.
        lock (_lock)
        {
            HMACSHA256.HashData(FindSame(credentials, day) ?? FindEqual(credentials, day), text, signature);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (Entry entry in _entries)
            {
                CryptographicOperations.ZeroMemory(entry.Key);
            }

            _entries.Clear();
        }
    }

    private static void Identify(ImmutableCredentials credentials, Span<byte> identity)
    {
        var text = new Utf8Buffer(256);
        try
        {
            text.Append(credentials.AccessKey);
            text.Append((byte)0);
            text.Append(credentials.SecretKey);
            SHA256.HashData(text.Written, identity);
        }
        finally
        {
            text.Dispose();
        }
    }

    // Credentials come as the same strings from one request to the next, though not as the same object: those need no hash to be known again.
    private byte[]? FindSame(ImmutableCredentials credentials, string day)
    {
        foreach (Entry entry in _entries)
        {
            if (entry.Secret.TryGetTarget(out string? secret) && ReferenceEquals(secret, credentials.SecretKey)
                && string.Equals(entry.AccessKey, credentials.AccessKey, StringComparison.Ordinal)
                && string.Equals(entry.Day, day, StringComparison.Ordinal))
            {
                return entry.Key;
            }
        }

        return null;
    }

    private byte[] FindEqual(ImmutableCredentials credentials, string day)
    {
        Span<byte> identity = stackalloc byte[SHA256.HashSizeInBytes];
        Identify(credentials, identity);
        foreach (Entry entry in _entries)
        {
            if (CryptographicOperations.FixedTimeEquals(entry.Identity, identity) && string.Equals(entry.Day, day, StringComparison.Ordinal))
            {
                entry.Secret.SetTarget(credentials.SecretKey);
                return entry.Key;
            }
        }

        return Derive(credentials, identity, day);
    }

    private byte[] Derive(ImmutableCredentials credentials, ReadOnlySpan<byte> identity, string day)
    {
        if (_entries.Count == Capacity)
        {
            CryptographicOperations.ZeroMemory(_entries[0].Key);
            _entries.RemoveAt(0);
        }

        byte[] key = AWS4Signer.ComposeSigningKey(credentials.SecretKey, region, day, service);
        _entries.Add(new Entry(identity.ToArray(), credentials.AccessKey, new WeakReference<string>(credentials.SecretKey), day, key));
        return key;
    }

    // The secret is looked at while somebody else has it, and not kept.
    private sealed record Entry(byte[] Identity, string AccessKey, WeakReference<string> Secret, string Day, byte[] Key);
}
