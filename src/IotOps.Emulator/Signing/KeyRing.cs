using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace IotOps.Emulator.Signing;

/// <summary>The access keys that are let in, and the signing keys derived from them. Thread-safe.</summary>
internal sealed class KeyRing
{
    private const int MaxSigningKeys = 1_000;

    private readonly ConcurrentDictionary<string, AccessKey> _keys = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Secret, CredentialScope Scope), byte[]> _signingKeys = new();

    /// <param name="own">The key that the emulator tells its users.</param>
    public KeyRing(AccessKey own)
    {
        OwnId = own.Id;
        Add(own);
    }

    /// <summary>Id of the key that the emulator tells its users.</summary>
    public string OwnId { get; }

    public void Add(AccessKey key) => _keys[key.Id] = key;

    public bool TryFind(string accessKeyId, [MaybeNullWhen(false)] out AccessKey key) => _keys.TryGetValue(accessKeyId, out key);

    /// <summary>HMAC chain over date, region, service and "aws4_request".</summary>
    public byte[] SigningKey(AccessKey key, CredentialScope scope)
    {
        if (_signingKeys.TryGetValue((key.Secret, scope), out byte[]? known))
        {
            return known;
        }

        byte[] derived = Encoding.UTF8.GetBytes("AWS4" + key.Secret);
        foreach (string part in (ReadOnlySpan<string>)[scope.Date, scope.Region, scope.Service, "aws4_request"])
        {
            derived = HMACSHA256.HashData(derived, Encoding.UTF8.GetBytes(part));
        }

        if (_signingKeys.Count >= MaxSigningKeys)
        {
            _signingKeys.Clear();
        }

        _signingKeys[(key.Secret, scope)] = derived;
        return derived;
    }
}
