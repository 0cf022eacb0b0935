using System.Security.Cryptography;
using System.Text;

namespace IotOps.Detect.Alarms;

/// <summary>Signatures of web hooks, https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md.</summary>
internal sealed class WebhookSignature
{
    private const string Prefix = "whsec_";
    private const int MinBytes = 24;
    private const int MaxBytes = 64;
    private const int MaxSecrets = 4;

    private readonly byte[][] _keys;

    /// <exception cref="ArgumentException">A secret is not one; the text does not repeat it.</exception>
    public WebhookSignature(IReadOnlyList<string> secrets)
    {
        if (secrets is null or { Count: 0 or > MaxSecrets })
        {
            throw new ArgumentException($"A web hook has 1 to {MaxSecrets} secrets.", nameof(secrets));
        }

        _keys = [.. secrets.Select(Key)];
    }

    /// <summary>The header's value: a signature by each key.</summary>
    public string Sign(string id, string timestamp, ReadOnlySpan<byte> body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        return string.Join(' ', _keys.Select(key => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}"));
    }

    private static byte[] Key(string secret)
    {
        byte[] key = new byte[MaxBytes + 3];
        return secret is not null
            && secret.StartsWith(Prefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(secret[Prefix.Length..], key, out int length)
            && length is >= MinBytes and <= MaxBytes
                ? key[..length]
                : throw new ArgumentException($"A secret is {Prefix} and base64 of {MinBytes} to {MaxBytes} bytes: echo {Prefix}$(openssl rand -base64 32)", nameof(secret));
    }
}
